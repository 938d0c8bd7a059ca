"""Key points on ArgKP-2021: `fit` the match probability, score `matching`, `selection` and the whole `pipeline`.

    python -m benchmarks.key_points matching

Scores are means over blocks (topic and stance) of train (24 topics) and dev (4 topics), beside baselines in one run.
"""

import argparse
from collections import defaultdict
from collections.abc import Callable, Iterable

import numpy as np
from numpy.typing import NDArray
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.linear_model import LogisticRegression
from sklearn.metrics import average_precision_score

from benchmarks.argkp import UNDECIDED, Block, blocks
from benchmarks.packaged_encoder import packaged_encoder
from summarizer.key_points import KeyPointOptions
from summarizer.matching import THRESHOLD, assign, match_probabilities
from summarizer.selection import Seats, select
from summarizer.similarity import BlockScale, Similarity
from summarizer.text import words

Floats = NDArray[np.float64]


def fit(data: dict[str, list[Block]]) -> None:
    """Print the numbers of summarizer.matching and the precision and recall of thresholds around theirs."""
    pairs = {split: _decided_pairs(found) for split, found in data.items()}
    features, labels = pairs["train"]
    for name, columns in (("WITHIN_A_LANGUAGE", [0, 1]), ("ACROSS_LANGUAGES", [0])):
        model = LogisticRegression(C=1e6).fit(features[:, columns], labels)
        print(name, "intercept", model.intercept_.round(3), "weights", model.coef_.round(3))
        for split, (others, truth) in pairs.items():
            for threshold in (0.35, 0.45, 0.5, 0.55, 0.6, 0.65):
                said = model.predict_proba(others[:, columns])[:, 1] >= threshold
                right = (truth[said] == 1).sum()
                print(f"  {split:6}{threshold:5}  precision {right / said.sum():.3f}  recall {right / truth.sum():.3f}")


def matching(data: dict[str, list[Block]]) -> None:
    """Mean average precision over the more confident half (Friedman et al. 2021, shared task of ArgMining)."""
    ways: dict[str, Callable[[Similarity], Floats]] = {
        "majelis": match_probabilities,
        "meaning": lambda similarity: similarity.meaning,
        "wording": lambda similarity: similarity.wording,
    }
    for split, found in data.items():
        scores = defaultdict(list)
        for block in found:
            similarity = BlockScale(block.arguments).compare(block.arguments, block.key_points)
            for name, way in ways.items():
                scores[name].append(_confident_half(way(similarity), block.labels))
            chance = np.random.default_rng(0).random(block.labels.shape)
            scores["random"].append(_confident_half(chance, block.labels))
        _print(split, scores, "mAP strict  mAP relaxed  precision strict  precision relaxed")


def selection(data: dict[str, list[Block]]) -> None:
    """Share of experts' key points and of argument mass that quotations cover at the experts' number of points."""
    for split, found in data.items():
        scores = defaultdict(list)
        for block in found:
            candidates = _candidates(block)
            number = int(block.makes.any(axis=0).sum())
            draws = [_random(candidates, number, seed) for seed in range(50)]
            scores["majelis"].append(_covered(_facility_location(block, candidates, number), block))
            scores["lexrank"].append(_covered(_best(_lexrank(block), candidates, number), block))
            scores["centroid"].append(_covered(_best(_centroid(block), candidates, number), block))
            scores["random"].append(np.mean([_covered(draw, block) for draw in draws], axis=0))
        _print(split, scores, "key points  argument mass")


def pipeline(data: dict[str, list[Block]]) -> None:
    """Right matches among decided ones, with the stop rule: first for quotations that make an expert's point, then
    counting every match to another quotation as wrong; share of arguments matched; points a side."""
    options = KeyPointOptions()
    for split, found in data.items():
        scores = defaultdict(list)
        for block in found:
            candidates = _candidates(block)
            probabilities = _probabilities(block, candidates)
            chosen = select(probabilities, [""] * len(block.labels), options.seats, options.threshold)
            matched = assign(probabilities[:, chosen], options.threshold, options.points_per_argument)
            quoted = [candidates[column] for column in chosen]
            right, wrong, pointless = _judged(matched, quoted, block)
            scores["majelis"].append(
                (
                    right / max(1, right + wrong),
                    right / max(1, right + wrong + pointless),
                    matched.any(axis=1).mean(),
                    len(chosen),
                )
            )
        _print(split, scores, "precision  precision of all  matched  points")


def _decided_pairs(found: Iterable[Block]) -> tuple[Floats, NDArray[np.int8]]:
    features, labels = [], []
    for block in found:
        similarity = BlockScale(block.arguments).compare(block.arguments, block.key_points)
        decided = block.labels != UNDECIDED
        features.append(np.stack([similarity.meaning[decided], similarity.wording[decided]], axis=1))
        labels.append(block.labels[decided])
    return np.concatenate(features), np.concatenate(labels)


def _confident_half(scores: Floats, labels: NDArray[np.int8]) -> tuple[float, float, float, float]:
    best, sure = scores.argmax(axis=1), scores.max(axis=1)
    top = np.argsort(-sure, kind="stable")[: len(sure) // 2]
    found = labels[np.arange(len(sure)), best][top]
    strict, relaxed = found == 1, found != 0
    return (
        float(average_precision_score(strict, sure[top])),
        float(average_precision_score(relaxed, sure[top])),
        float(strict.mean()),
        float(relaxed.mean()),
    )


def _candidates(block: Block) -> list[int]:
    options = KeyPointOptions()
    lengths = [len(words(text)) for text in block.arguments.texts]
    return [row for row, length in enumerate(lengths) if options.shortest <= length <= options.longest]


def _probabilities(block: Block, candidates: list[int]) -> Floats:
    similarity = BlockScale(block.arguments).compare(block.arguments, block.arguments.at(candidates))
    probabilities = match_probabilities(similarity)
    probabilities[candidates, np.arange(len(candidates))] = 1.0
    return probabilities


def _facility_location(block: Block, candidates: list[int], number: int) -> list[int]:
    probabilities = _probabilities(block, candidates)
    no_stop = Seats(most=number, people=0, share=0)
    return [candidates[column] for column in select(probabilities, [""] * len(probabilities), no_stop, THRESHOLD)]


def _lexrank(block: Block) -> Floats:
    """Stationary distribution of the thresholded TF-IDF graph (Erkan and Radev 2004)."""
    vectors = TfidfVectorizer().fit_transform(block.arguments.texts)
    graph = ((vectors @ vectors.T).toarray() > 0.1).astype(np.float64)
    walk = graph / graph.sum(axis=1, keepdims=True)
    rank = np.full(len(walk), 1 / len(walk))
    for _ in range(100):
        rank = 0.15 / len(walk) + 0.85 * rank @ walk
    return rank


def _centroid(block: Block) -> Floats:
    vectors = block.arguments.vectors.astype(np.float64)
    return np.asarray(vectors @ vectors.mean(axis=0))


def _best(scores: Floats, candidates: list[int], number: int) -> list[int]:
    return sorted(candidates, key=lambda row: -scores[row])[:number]


def _random(candidates: list[int], number: int, seed: int) -> list[int]:
    drawn: list[int] = np.random.default_rng(seed).choice(candidates, number, replace=False).tolist()
    return drawn


def _covered(quoted: list[int], block: Block) -> tuple[float, float]:
    points = block.makes[quoted].any(axis=0)
    labelled = block.makes.any(axis=1)
    mass = (block.makes & points).any(axis=1)[labelled].mean()
    return float(points.sum() / block.makes.any(axis=0).sum()), float(mass)


def _judged(matched: NDArray[np.bool_], quoted: list[int], block: Block) -> tuple[int, int, int]:
    right = wrong = pointless = 0
    for column, quotation in enumerate(quoted):
        points = block.makes[quotation]
        others = [row for row in np.flatnonzero(matched[:, column]).tolist() if row != quotation]
        if not points.any():
            pointless += len(others)
            continue
        labels = block.labels[np.ix_(others, np.flatnonzero(points))]
        right += int((labels == 1).any(axis=1).sum())
        wrong += int((labels == 0).all(axis=1).sum())
    return right, wrong, pointless


def _print(split: str, scores: dict[str, list[tuple[float, ...]]], columns: str) -> None:
    print(f"{split:18}{columns}")
    for name, rows in scores.items():
        print(f"  {name:16}" + "  ".join(f"{value:.3f}" for value in np.mean(rows, axis=0)))


def main() -> None:
    commands = {"fit": fit, "matching": matching, "selection": selection, "pipeline": pipeline}
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("command", choices=[*commands, "all"])
    chosen = parser.parse_args().command
    encoder = packaged_encoder()
    data = {split: list(blocks(split, encoder)) for split in ("train", "dev")}
    for name, command in commands.items():
        if chosen in (name, "all"):
            print(f"== {name}")
            command(data)


if __name__ == "__main__":
    main()
