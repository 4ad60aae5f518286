"""The figures of the key log as tables, and how they grow."""

from typing import Any

Figures = dict[str, Any]


def growth(found: Figures) -> Figures:
    """Return what each costs with the longest log, divided by what it costs with the shortest."""
    ratios: Figures = {}
    for part in ("append", "answer"):
        for store, by_events in found[part].items():
            ratios[f"{part}, {store}"] = _ratio(by_events, "ours_ms")
            ratios[f"{part}, {store}, processor time"] = _ratio(by_events, "ours_cpu_ms")
    ratios["answer, bytes"] = _ratio(found["answer"]["sqlite"], "bytes")
    ratios["verification"] = _ratio(found["verify"], "log_ms")
    ratios["memory"] = _ratio(found["memory"], "after")
    return ratios


def tell(found: Figures) -> None:
    """Print all of them."""
    _tell_append(found["append"])
    _tell_answer(found["answer"])
    _tell_verify(found["verify"])
    print("\nmemory of a server on SQLite, MB: when it has begun, and when it has answered and added so much more")
    for events, of in found["memory"].items():
        print(f"  {events:>9,} events {of['started']:9.1f} {of['after']:9.1f}")
    _tell_day(found["day"])
    shortest, *_, longest = found["verify"]
    print(f"\n{longest:,} events / {shortest:,} events")
    for what, ratio in found["growth"].items():
        print(f"  {what:36} {ratio:6.2f} times")


def _tell_append(append: Figures) -> None:
    print("\nan account and its name are added: ms (processor time); of the peers two leaves of a tree alone")
    print(
        f"  {'':28}{'ours':>16}{'/s':>7}{'without log':>18}{'ratio':>7}{'pymerkle':>10}{'tlog-scales':>13}{'fsync':>8}"
    )
    for store, by_events in append.items():
        for events, of in by_events.items():
            ratio = of["ours_ms"] / of["without_log_ms"]
            print(
                f"  {store:11}{events:>10,} events{_both(of, 'ours'):>16}{of['ours_per_second']:7.0f}"
                f"{_both(of, 'without_log'):>18}{ratio:7.2f}{of['pymerkle_ms']:10.2f}{of['tlog_scales_ms']:13.2f}"
                f"{of['flush_ms']:8.2f}"
            )


def _tell_answer(answer: Figures) -> None:
    print("\na chain of three events is told with its proofs: ms (processor time); of the peers two proofs")
    print(
        f"  {'':28}{'ours':>16}{'bytes':>8}{'chain alone':>18}{'pymerkle':>10}{'tlog-scales':>13}{'2,048 leaves':>14}"
    )
    for store, by_events in answer.items():
        for events, of in by_events.items():
            print(
                f"  {store:11}{events:>10,} events{_both(of, 'ours'):>16}{of['bytes']:8,}{_both(of, 'chain_alone'):>18}"
                f"{of['pymerkle_ms']:10.2f}{of['tlog_scales_ms']:13.2f}{of['leaves_2048_ms']:14.2f}"
            )


def _tell_verify(verify: Figures) -> None:
    print("\nthe browser's modules in Node, ms: the log of such an answer, beside its chain's signatures, and one")
    print(f"  {'':28}{'log':>9}{'chain':>9}{'Ed25519':>9}{'log / Ed25519':>15}{'scan of leaves':>22}{'of one':>9}")
    for events, of in verify.items():
        scan = f"{of['scan_ms']:.1f} ({of['leaves']:,})"
        print(
            f"  {events:>21,} events{of['log_ms']:9.2f}{of['chain_ms']:9.2f}{of['ed25519_ms']:9.3f}"
            f"{of['log_ms'] / of['ed25519_ms']:15.1f}{scan:>22}{of['scan_of_one_ms']:9.1f}"
        )


def _tell_day(day: Figures) -> None:
    print("\nwhat a browser that is open all day fetches to watch the log, kB (bodies)")
    for accounts, of in day.items():
        print(f"  {accounts:>9,} accounts, 24 looks by the model {_parts(of['day'])}")
        print(f"  {'':19}{of['hours']:>2} looks by the model {_parts(of['model'])}")
        session = of["session"] | {"total": sum(of["session"][name] for name in ("own", "contacts", "leaves", "other"))}
        text = f"{_parts(session)}; headers {session['headers'] / 1000:,.1f} in {session['requests']} answers"
        print(f"  {'':19}{of['hours']:>2} looks of a session {text}")


def _parts(of: Figures) -> str:
    return (
        f"{of['total'] / 1000:9,.1f} = own chain {of['own'] / 1000:,.1f} + contacts' {of['contacts'] / 1000:,.1f}"
        f" + leaves {of['leaves'] / 1000:,.1f}"
    )


def _both(of: Figures, name: str) -> str:
    return f"{of[f'{name}_ms']:.2f} ({of[f'{name}_cpu_ms']:.2f})"


def _ratio(by_events: Figures, name: str) -> float:
    values = [of[name] for of in by_events.values()]
    return round(values[-1] / values[0], 2)
