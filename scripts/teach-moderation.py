"""Labels texts for the moderation classifier by a larger model, which the product does not need.

  python3 scripts/teach-moderation.py --texts DIR --encoder DIR --out DIR

Fine-tunes a pretrained sentence encoder (all-mpnet-base-v2, Apache-2.0) on the labelled training texts that `train-moderation.ts --texts` wrote, once for each
fold; a training text is labelled by the model of the fold that did not see it, other texts by the mean of all. Then it makes more texts out of these (parts,
words left out, words replaced by their neighbours) and labels them. Texts of parts `test` and `calibrate` are measured on, and never learned from or given out.
Needs torch, transformers, scikit-learn and numpy; some minutes with an accelerator, hours without.
"""
import argparse, gzip, json, random, re, time
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
import numpy as np
import torch
from sklearn.metrics import average_precision_score, roc_auc_score
from transformers import AutoModel, AutoTokenizer

names = ["R", "RT", "H", "HT", "F", "FN", "FI", "S", "M", "V", "G", "any"]
outputs = len(names)
device = "cuda" if torch.cuda.is_available() else "cpu"
# Texts of a set that an epoch sees at most: the large ones say little more with more of them.
most = {"davidson": 3500, "tweeteval-offensive": 4000, "tweeteval-hate": 3000, "mt-bench-101": 1200, "gptfuzz": 600}
# Texts made out of one.
copies = {
    "hh-hand": 6, "sentences": 6, "hh": 2, "convabuse": 2, "catqa-en": 2, "advbench": 1, "harmbench": 1, "harmfulqa": 1, "grammar": 1, "grammar-clean": 0.6,
    "davidson": 0.3, "tweeteval-offensive": 0.4, "tweeteval-hate": 0.4, "social": 0.2,
}


class Teacher(torch.nn.Module):
    def __init__(self, encoder):
        super().__init__()
        self.encoder = AutoModel.from_pretrained(encoder)
        self.dropout = torch.nn.Dropout(0.1)
        self.head = torch.nn.Linear(self.encoder.config.hidden_size, outputs)
        torch.nn.init.normal_(self.head.weight, std=0.02)
        torch.nn.init.constant_(self.head.bias, -2.0)

    def pool(self, ids, mask):
        states = self.encoder(input_ids=ids, attention_mask=mask).last_hidden_state
        return (states * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True)

    def forward(self, ids, mask):
        return self.head(self.dropout(self.pool(ids, mask)))


def pad(rows, filler):
    width = max(map(len, rows))
    ids = torch.full((len(rows), width), filler)
    mask = torch.zeros((len(rows), width), dtype=torch.long)
    for at, row in enumerate(rows):
        ids[at, : len(row)] = torch.tensor(row)
        mask[at, : len(row)] = 1
    return ids.to(device, non_blocking=True), mask.to(device, non_blocking=True)


def batches(lengths, order, size):
    """Batches of texts of like length, in random order."""
    chunks = [sorted(order[at : at + 40 * size], key=lambda i: lengths[i]) for at in range(0, len(order), 40 * size)]
    groups = [chunk[at : at + size] for chunk in chunks for at in range(0, len(chunk), size)]
    random.shuffle(groups)
    return groups


def autocast():
    return torch.autocast(device, dtype=torch.bfloat16, enabled=device == "cuda")


def train(encoder, tokens, targets, weights, sets, members, options, seed):
    random.seed(seed)
    torch.manual_seed(seed)
    model = Teacher(encoder).to(device).train()
    head = [p for name, p in model.named_parameters() if name.startswith("head")]
    rest = [p for name, p in model.named_parameters() if not name.startswith("head") and p.requires_grad]
    groups = [{"params": rest, "lr": options.rate}, {"params": head, "lr": 1e-3}]
    optimizer = torch.optim.AdamW(groups, weight_decay=0.01, fused=device == "cuda")
    lengths = [len(row) for row in tokens]
    plan = []
    for _ in range(options.epochs):
        by_set = {}
        for at in members:
            by_set.setdefault(sets[at], []).append(at)
        order = [at for name, own in by_set.items() for at in random.sample(own, min(len(own), most.get(name, len(own))))]
        random.shuffle(order)
        plan += batches(lengths, order, options.batch)
    warm = max(1, len(plan) // 16)
    schedule = torch.optim.lr_scheduler.LambdaLR(optimizer, lambda s: min(1, (s + 1) / warm) * max(0.02, 1 - s / len(plan)))
    mean_weight = float(np.mean(weights[members]))
    for group in plan:
        ids, mask = pad([tokens[at] for at in group], model.encoder.config.pad_token_id)
        target = torch.tensor(targets[group]).to(device)
        weight = torch.tensor(weights[group] / mean_weight, dtype=torch.float32).clamp(max=5).to(device).unsqueeze(1)
        with autocast():
            logits = model(ids, mask)
        known = ~target.isnan()
        loss = torch.nn.functional.binary_cross_entropy_with_logits(logits.float(), target.nan_to_num(0), reduction="none")
        loss = (loss * weight * known).sum() / len(group)
        loss.backward()
        torch.nn.utils.clip_grad_norm_(model.parameters(), 5.0)
        optimizer.step()
        schedule.step()
        optimizer.zero_grad(set_to_none=True)
    return model.eval()


@torch.inference_mode()
def apply(function, tokens, filler, width, size=256):
    """What a function gives for each text, in order."""
    out = np.zeros((len(tokens), width), dtype=np.float32)
    order = sorted(range(len(tokens)), key=lambda i: len(tokens[i]))
    for at in range(0, len(order), size):
        group = order[at : at + size]
        with autocast():
            out[group] = function(*pad([tokens[i] for i in group], filler)).float().cpu().numpy()
    return out


def encode(tokenizer, texts, longest):
    return tokenizer(texts, truncation=True, max_length=longest)["input_ids"]


def neighbours(vectors, words):
    """The eight nearest words of each."""
    unit = torch.tensor(vectors).to(device)
    unit = torch.nn.functional.normalize(unit - unit.mean(0), dim=1)
    near = {}
    for at in range(0, len(words), 2048):
        scores, places = (unit[at : at + 2048] @ unit.T).topk(9, dim=1)
        for row, (own, found) in enumerate(zip(scores.tolist(), places.tolist())):
            near[words[at + row]] = [words[p] for p, s in zip(found[1:], own[1:]) if s > 0.45]
    return near


def vary(text, near, other):
    """Another text out of one: a part of it, with words left out or replaced, or two of them together."""
    sentences = [s for s in re.split(r"(?<=[.!?])\s+|\n+", text) if s.strip()]
    kind = random.random()
    if kind < 0.12:
        text = " ".join(random.sample([text, other], 2))
    elif len(sentences) > 1 and kind < 0.55:
        size = random.randint(1, len(sentences) - 1)
        start = random.randint(0, len(sentences) - size)
        text = " ".join(sentences[start : start + size])
    words = text.split()
    if len(words) > 6 and random.random() < 0.3:
        size = random.randint(len(words) // 2, len(words) - 1)
        start = random.randint(0, len(words) - size)
        words = words[start : start + size]
    replaced, dropped = random.choice([(0.3, 0.0), (0.15, 0.1), (0.0, 0.15), (0.4, 0.05), (0.1, 0.0)])
    result = []
    for word in words:
        bare = re.sub(r"[^a-z']", "", word.lower())
        chance = random.random()
        if chance < dropped:
            continue
        if chance < dropped + replaced and len(bare) > 3 and near.get(bare):
            result.append(re.sub(r"[A-Za-z']+", random.choice(near[bare]), word, count=1))
        else:
            result.append(word)
    return " ".join(result)


def measure(title, scores, rows, lines):
    """Prints AUPRC and ROC of each set and category."""
    print(title)
    by_set = {}
    for at in lines:
        by_set.setdefault((rows[at]["set"], rows[at]["part"]), []).append(at)
    for (name, part), own in by_set.items():
        target = np.array([[np.nan if v is None else v for v in rows[at]["targets"]] for at in own], dtype=np.float32)
        found = []
        for k in range(outputs):
            kept = ~np.isnan(target[:, k])
            truth = target[kept, k] >= 0.5
            if truth.sum() < 5 or truth.all():
                continue
            own_scores = [scores[own][kept, k]]
            if k == outputs - 1:
                own_scores += [scores[own][kept, : outputs - 1].max(1)]
            for score in own_scores:
                found.append(f"{names[k]} {average_precision_score(truth, score):.3f}/{roc_auc_score(truth, score):.3f}")
        safe = np.array([all(v == 0 for v in rows[at]["targets"]) for at in own])
        high = (scores[own][:, : outputs - 1].max(1) > 0)[safe]
        print(f"  {name}:{part} {len(own)} {'; '.join(found)}; clean over .5: {high.mean() if safe.any() else 0:.3f}", flush=True)


def shorten(vectors):
    """The first 64 principal components of the words' vectors, as whole numbers of spread 25."""
    centred = torch.tensor(vectors - vectors.mean(0)).to(device)
    axes = torch.linalg.svd(centred[:: max(1, len(vectors) // 12000)], full_matrices=False)[2][:64]
    turned = centred @ axes.T
    return (turned / turned.std() * 25).round().clamp(-127, 127).to(torch.int8).cpu().numpy()


def run_fold(work):
    """Trains the model of a fold; its logits for all texts but those it learned from, and its vectors of words."""
    job, fold = work
    torch.set_num_threads(max(1, torch.get_num_threads() // job["options"].parallel))
    members = [at for at in job["learned"] if job["folds"][at] != fold]
    model = train(job["options"].encoder, job["tokens"], job["targets"], job["weights"], job["sets"], members, job["options"], seed=fold + 1)
    filler = model.encoder.config.pad_token_id
    found = []
    for tokens, folds in [(job["tokens"], job["folds"]), (job["made_tokens"], job["made_folds"])]:
        logits = np.zeros((len(tokens), outputs), dtype=np.float32)
        places = np.flatnonzero((folds == fold) | (folds == -1))
        logits[places] = apply(model, [tokens[at] for at in places], filler, outputs)
        found.append(logits)
    return *found, apply(model.pool, job["word_tokens"], filler, model.encoder.config.hidden_size)


def main():
    parser = argparse.ArgumentParser()
    for name in ["--texts", "--encoder", "--out"]:
        parser.add_argument(name, required=True)
    parser.add_argument("--folds", type=int, default=5)
    parser.add_argument("--epochs", type=int, default=3)
    parser.add_argument("--batch", type=int, default=64)
    parser.add_argument("--rate", type=float, default=4e-5)
    parser.add_argument("--longest", type=int, default=128)
    parser.add_argument("--parallel", type=int, default=1, help="folds at a time; five fit an accelerator of 80 GB and take a fifth of the time")
    parser.add_argument("--limit", type=int, default=0, help="reads this many texts only, to try the script")
    options = parser.parse_args()
    start = time.time()
    say = lambda what: print(f"{time.time() - start:.0f} s: {what}", flush=True)
    with gzip.open(f"{options.texts}/texts.jsonl.gz", "rt") as file:
        rows = [json.loads(line) for line in file]
    if options.limit:
        random.seed(0)
        rows = random.sample(rows, options.limit)
    words = json.load(open(f"{options.texts}/words.json"))[: options.limit or None]
    tokenizer = AutoTokenizer.from_pretrained(options.encoder)
    tokens = encode(tokenizer, [row["text"] for row in rows], options.longest)
    word_tokens = encode(tokenizer, words, 16)
    learned = [at for at, row in enumerate(rows) if row["part"] == "train"]
    measured = [at for at, row in enumerate(rows) if row["part"] in ("test", "calibrate")]
    given = [at for at, row in enumerate(rows) if row["part"] in ("train", "unlabelled")]
    targets = np.full((len(rows), outputs), np.nan, dtype=np.float32)
    for at in learned:
        targets[at] = [np.nan if v is None else v for v in rows[at]["targets"]]
    weights = np.array([row["weight"] for row in rows], dtype=np.float32)
    sets = [row["set"] for row in rows]
    folds = np.array([int(row["key"][:8], 16) % options.folds if row["part"] == "train" else -1 for row in rows])
    say(f"{len(learned)} texts to learn from, {len(given)} to label, {len(words)} words, on {device}")

    raw = Teacher(options.encoder).to(device).eval()
    filler, width = raw.encoder.config.pad_token_id, raw.encoder.config.hidden_size
    plain = apply(raw.pool, word_tokens, filler, width)
    del raw
    near = neighbours(plain, words)
    random.seed(1)
    made = []
    for at in given:
        wanted = copies.get(sets[at], 0)
        for _ in range(int(wanted) + (random.random() < wanted % 1)):
            text = vary(rows[at]["text"][:800], near, rows[random.choice(given)]["text"][:300])
            if len(text) > 7:
                made.append((at, text))
    made_tokens = encode(tokenizer, [text for _, text in made], options.longest)
    made_folds = np.array([folds[at] for at, _ in made])
    say(f"{len(made)} texts made")

    logits = np.zeros((len(rows), outputs), dtype=np.float32)
    made_logits = np.zeros((len(made), outputs), dtype=np.float32)
    tuned = []
    job = {"options": options, "sets": sets, "folds": folds, "targets": targets, "weights": weights, "learned": learned}
    job |= {"tokens": tokens, "made_tokens": made_tokens, "made_folds": made_folds, "word_tokens": word_tokens}
    with ProcessPoolExecutor(options.parallel, mp_context=get_context("spawn")) as pool:
        for fold, (own, own_made, own_words) in enumerate(pool.map(run_fold, [(job, fold) for fold in range(options.folds)])):
            for result, part, all_folds in [(logits, own, folds), (made_logits, own_made, made_folds)]:
                result[all_folds == fold] = part[all_folds == fold]
                result[all_folds == -1] += part[all_folds == -1] / options.folds
            tuned.append(own_words)
            say(f"fold {fold}")

    def soft(row):
        return [round(float(v), 3) for v in 1 / (1 + np.exp(-row))]

    with gzip.open(f"{options.out}/taught.jsonl.gz", "wt") as file:
        for at in given:
            own = {"key": rows[at]["key"]} if rows[at]["part"] == "train" else {"set": sets[at], "text": rows[at]["text"]}
            file.write(json.dumps({**own, "soft": soft(logits[at])}, ensure_ascii=False) + "\n")
        for (at, text), row in zip(made, made_logits):
            file.write(json.dumps({"set": f"{sets[at]}-made", "text": text, "soft": soft(row)}, ensure_ascii=False) + "\n")
    with gzip.open(f"{options.out}/vectors.jsonl.gz", "wt") as file:
        for word, vector in zip(words, shorten(np.concatenate(tuned, axis=1))):
            file.write(json.dumps([word, vector.tolist()], separators=(",", ":")) + "\n")
    say("written")
    measure("held-out texts", logits, rows, measured)
    measure("training texts, out of fold", logits, rows, learned)


if __name__ == "__main__":
    main()
