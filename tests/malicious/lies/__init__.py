"""What the lying server can do to answers and frames, by name; every module of this folder adds its own.

A lie is `{"answers": [rule, ...], "frames": [rule, ...]}`. Each rule says what is done (`do`, a name below) and to whom
(`to`, an account in hex; left out: to everybody, also to who has not signed in). `left` says how often; left out: every
time. An answer's rule names paths by a pattern (`path`) and perhaps a `method`, a frame's rule the types of frames
(`types`). What else a rule may say stands at the function of that name. `answers` may also be `{pattern: JSON}`: that
is answered instead, to everybody.
"""

import importlib
import pkgutil

for module in pkgutil.iter_modules(__path__):
    importlib.import_module(f"{__name__}.{module.name}")
