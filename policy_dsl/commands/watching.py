"""Changes to a regime's files, as they happen."""

from __future__ import annotations

from collections.abc import Iterator

import click

from ..pack import COMMON, SUFFIX, find


def changes(regimes: tuple[str, ...], lang: str) -> Iterator[object]:
    """One for every batch of changes to the texts of the regimes, or to the shared ones, until interrupted."""
    try:
        import watchfiles  # noqa: PLC0415
    except ImportError:
        raise click.UsageError(
            "--watch 需要 watchfiles：pip install 'policy-dsl[watch]'"
            if lang == "zh"
            else "--watch needs watchfiles: pip install 'policy-dsl[watch]'"
        ) from None
    folders = {find(regime).resolve() for regime in regimes}
    folders |= {f.parent / COMMON for f in folders if (f.parent / COMMON).is_dir()}

    def wanted(_: object, path: str) -> bool:
        return path.endswith((SUFFIX, "sources.toml"))

    return iter(watchfiles.watch(*folders, watch_filter=wanted, raise_interrupt=False))
