"""Rows of a job as token ids and labels. The rendering into pieces was done before, so that serving renders alike."""

import json

from events import EXIT_DATA, Stop


def read_rows(path, tokenizer, max_tokens, events):
    """Token ids and labels of every row; one that is too long or trains on nothing is left out with an event."""
    rows = []
    with open(path, encoding="utf-8") as file:
        for line in file:
            row = json.loads(line)
            ids, labels = encode(row["pieces"], tokenizer)
            other = encode(row["rejected"], tokenizer) if "rejected" in row else None
            problem = _problem(ids, labels, max_tokens) or (other and _problem(*other, max_tokens))
            if problem:
                events.emit("dropped", row=row["id"], reason=problem)
            else:
                rows.append({"id": row["id"], "ids": ids, "labels": labels, "rejected": other})
    return rows


def encode(pieces, tokenizer):
    """
    Ids and labels (-100 where nothing is learnt) of pieces. A control piece is one special token; text is cut by the tokenizer
    without looking for special tokens in it, as the serving side does.
    """
    ids, labels = [], []
    if _wants_bos(tokenizer):
        ids.append(tokenizer.bos_token_id)
        labels.append(-100)
    for piece in pieces:
        if "endOfText" in piece:
            part = [tokenizer.eos_token_id]
        elif "control" in piece:
            token = tokenizer.convert_tokens_to_ids(piece["control"])
            if token is None or token == tokenizer.unk_token_id and piece["control"] != tokenizer.unk_token:
                raise Stop("trainer-data", f'the base has no token {piece["control"]}', EXIT_DATA)
            part = [token]
        else:
            part = tokenizer(piece["text"], add_special_tokens=False, split_special_tokens=True)["input_ids"]
        ids += part
        labels += part if piece.get("trained") else [-100] * len(part)
    return ids, labels


def _wants_bos(tokenizer):
    return bool(getattr(tokenizer, "add_bos_token", False)) and tokenizer.bos_token_id is not None


def _problem(ids, labels, max_tokens):
    if len(ids) > max_tokens:
        return f"{len(ids)} tokens, more than {max_tokens}"
    if all(label == -100 for label in labels):
        return "nothing in it is trained on"
    return None


def micro_batches(batch, token_budget):
    """Parts of a batch whose padded size stays under a number of tokens, the long rows first; a single row may exceed it."""
    parts, part, longest = [], [], 0
    for row in sorted(batch, key=lambda row: -len(row["ids"])):
        length = max(longest, len(row["ids"]))
        if part and length * (len(part) + 1) > token_budget:
            parts.append(part)
            part, length = [], len(row["ids"])
        part.append(row)
        longest = length
    if part:
        parts.append(part)
    return parts
