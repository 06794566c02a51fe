#!/bin/sh
# Measures a variant and holds it against a recorded baseline. Exit 0: not worse; 1: worse, or nobody can say yet.
#   gate.sh PROJECT DATASET VARIANT BASELINE.jsonl [MARGIN]
set -eu
project=$1 dataset=$2 variant=$3 baseline=$4 margin=${5:-0.05}
fulcrum=${FULCRUM:-npx fulcrum}

id() { sed -n 's/^ *"id": "\(run_[^"]*\)".*/\1/p' | head -n 1; }

before=$($fulcrum eval import "$baseline" --project "$project" --json | id)
after=$($fulcrum eval run --dataset "$dataset" --variants "$variant" --project "$project" --json | id)
$fulcrum eval export "$after" --format markdown --baseline "$before" --margin "$margin" --project "$project" --out comment.md
$fulcrum eval export "$after" --format junit --baseline "$before" --margin "$margin" --project "$project" --out junit.xml
$fulcrum eval gate "$after" --baseline "$before" --margin "$margin" --project "$project"
