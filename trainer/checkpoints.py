"""States of a job on the disk: adapter, optimizer, random numbers and position, each whole or not there at all."""

import json
import os
import shutil

import torch
from safetensors.torch import load_file, save_file

KEPT = 2


def save(folder, step, parameters, optimizer, schedule, state):
    """Writes `checkpoints/step-N` beside the others and drops all but the last two."""
    root = os.path.join(folder, "checkpoints")
    final = os.path.join(root, f"step-{step}")
    if os.path.exists(final):
        return final
    draft = f"{final}.{os.getpid()}.tmp"
    os.makedirs(draft, exist_ok=True)
    save_file({name: tensor.detach().clone().cpu() for name, tensor in parameters}, os.path.join(draft, "adapter.safetensors"))
    torch.save(
        {"optimizer": optimizer.state_dict(), "schedule": schedule.state_dict(), "random": torch.get_rng_state()},
        os.path.join(draft, "optimizer.pt"),
    )
    with open(os.path.join(draft, "state.json"), "w", encoding="utf-8") as file:
        json.dump({**state, "step": step}, file)
    _sync(draft)
    os.rename(draft, final)
    for old in _steps(root)[:-KEPT]:
        shutil.rmtree(os.path.join(root, f"step-{old}"), ignore_errors=True)
    return final


def latest(folder):
    """Folder of the newest whole checkpoint, or None."""
    root = os.path.join(folder, "checkpoints")
    steps = _steps(root)
    return os.path.join(root, f"step-{steps[-1]}") if steps else None


def read_state(checkpoint):
    with open(os.path.join(checkpoint, "state.json"), encoding="utf-8") as file:
        return json.load(file)


def restore(checkpoint, parameters, optimizer, schedule):
    """Puts a checkpoint back, so that the next step is the one that would have come."""
    saved = load_file(os.path.join(checkpoint, "adapter.safetensors"))
    with torch.no_grad():
        for name, tensor in parameters:
            tensor.copy_(saved[name].to(tensor.device))
    kept = torch.load(os.path.join(checkpoint, "optimizer.pt"), weights_only=True)
    optimizer.load_state_dict(kept["optimizer"])
    schedule.load_state_dict(kept["schedule"])
    torch.set_rng_state(kept["random"])


def _steps(root):
    if not os.path.isdir(root):
        return []
    names = [name for name in os.listdir(root) if name.startswith("step-") and not name.endswith(".tmp")]
    return sorted(int(name[len("step-"):]) for name in names)


def _sync(folder):
    for name in os.listdir(folder):
        descriptor = os.open(os.path.join(folder, name), os.O_RDONLY)
        os.fsync(descriptor)
        os.close(descriptor)
