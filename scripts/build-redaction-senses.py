"""Clusters words by the vectors that MiniLM gives them, for build-redaction-words.ts: words of like meaning and spelling share a cluster.

usage: python build-redaction-senses.py MODEL_DIR LOOKUPS_DIR OUT.tsv

MODEL_DIR holds config.json, model.safetensors and tokenizer.json of all-MiniLM-L6-v2 (Apache-2.0), LOOKUPS_DIR what build-redaction-words.ts reads.
Writes a word a line with the numbers of its clusters of 64, 256 and 1,024. Needs torch and transformers: 40 s on an H100, some minutes without. Another
kind of machine rounds otherwise and gives other clusters of the same kind, so the tagger must be trained anew on them.
"""

import gzip
import json
import re
import sys
from pathlib import Path

import torch
from tokenizers import Tokenizer
from torch.nn import functional as F
from transformers import AutoModel

folder, lookups, out = map(Path, sys.argv[1:4])
device = "cuda" if torch.cuda.is_available() else "cpu"
LEAST = {"en": -17, "de": -14.2, "es": -14.2}
WORD = re.compile(r"^[^\W\d_][\w'’-]{1,19}$")

words = {}
for tongue, least in LEAST.items():
    with gzip.open(lookups / f"{tongue}_lexeme_prob.json.gz") as file:
        for word, probability in json.load(file).items():
            if probability >= least and WORD.match(word):
                words[word.lower().replace("’", "'")] = None
words = list(words)

tokenizer = Tokenizer.from_file(str(folder / "tokenizer.json"))
tokenizer.enable_padding()
tokenizer.enable_truncation(16)
model = AutoModel.from_pretrained(folder).to(device).eval()
with torch.no_grad():
    # The assets of 26 November 2026 come of tables rounded to eight bits a row, the form in which the model fits a small parcel.
    for table in model.parameters():
        if table.dim() == 2 and table.numel() > 50_000:
            step = table.abs().amax(1, keepdim=True) / 127
            table.copy_((table / step).round() * step)
    vectors = []
    for at in range(0, len(words), 4096):
        pieces = tokenizer.encode_batch(words[at : at + 4096])
        ids = torch.tensor([one.ids for one in pieces]).to(device)
        mask = torch.tensor([one.attention_mask for one in pieces]).to(device)
        hidden = model(input_ids=ids, attention_mask=mask).last_hidden_state
        vectors.append(F.normalize((hidden * mask.unsqueeze(-1)).sum(1) / mask.sum(1, keepdim=True), dim=-1))
vectors = torch.cat(vectors)
vectors = F.normalize(vectors - vectors.mean(0), dim=-1)

torch.manual_seed(1)
columns = []
for size in (64, 256, 1024):
    centres = vectors[torch.randperm(len(vectors))[:size]]
    for _ in range(40):
        nearest = torch.cat([(part @ centres.T).argmax(1) for part in vectors.split(32768)])
        sums = torch.zeros_like(centres).index_add_(0, nearest, vectors)
        centres = torch.where(sums.norm(dim=1, keepdim=True) > 0, F.normalize(sums, dim=-1), centres)
    columns.append((nearest + 1).tolist())
out.write_text("\n".join("\t".join(map(str, row)) for row in zip(words, *columns)), encoding="utf8")
