"""Code as people write it for LMSYS-Chat-1M, run on the folder given as the only argument. Prints what it saw as JSON."""

import json
import sys

from datasets import load_dataset

path = sys.argv[1]
dataset = load_dataset(path, split="train")
row = dataset[0]
flagged = dataset.filter(lambda row: any(m["flagged"] for m in row["openai_moderation"]))
english = [row["conversation_id"] for row in dataset if row["language"] == "English"]
streamed = next(iter(load_dataset(path, split="train", streaming=True)))
frame = dataset.to_pandas()

print(
    json.dumps(
        {
            "rows": len(dataset),
            "columns": dataset.column_names,
            "features": {name: str(feature) for name, feature in dataset.features.items()},
            "id": row["conversation_id"],
            "model": row["model"],
            "prompt": row["conversation"][0]["content"],
            "role": row["conversation"][1]["role"],
            "turn": row["turn"],
            "categories": sorted(row["openai_moderation"][1]["categories"]),
            "score": row["openai_moderation"][1]["category_scores"]["violence/graphic"],
            "failed": row["openai_moderation"][0]["flagged"],
            "redacted": row["redacted"],
            "flagged": len(flagged),
            "english": len(english),
            "streamed": streamed["conversation_id"],
            "models": frame["model"].value_counts().to_dict(),
        }
    )
)
