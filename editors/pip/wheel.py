"""Makes a wheel that holds the binary as a script: `wheel.py BINARY VERSION FOLDER`. Needs nothing but Python.

https://packaging.python.org/en/latest/specifications/binary-distribution-format/
"""

import base64
import hashlib
import platform
import sys
import zipfile
from pathlib import Path


def tag() -> str:
    machine = platform.machine()
    if sys.platform == "darwin":
        return "macosx_11_0_arm64" if machine == "arm64" else "macosx_10_9_x86_64"
    # The binary is static: any libc will do.
    return f"manylinux2014_{machine}.musllinux_1_1_{machine}"


def main(binary: str, version: str, folder: str) -> None:
    info = f"ddlint-{version}.dist-info"
    tags = [f"py3-none-{part}" for part in tag().split(".")]
    files = {
        f"ddlint-{version}.data/scripts/ddlint": Path(binary).read_bytes(),
        f"{info}/METADATA": (
            f"Metadata-Version: 2.1\nName: ddlint\nVersion: {version}\n"
            "Summary: What a PostgreSQL migration does to a live database, before it does it\nLicense: MIT\n"
        ).encode(),
        f"{info}/WHEEL": (
            "Wheel-Version: 1.0\nGenerator: ddlint\nRoot-Is-Purelib: false\n" + "".join(f"Tag: {one}\n" for one in tags)
        ).encode(),
        f"{info}/licenses/LICENSE": Path("LICENSE").read_bytes(),
    }
    record = ""
    for name, data in files.items():
        digest = base64.urlsafe_b64encode(hashlib.sha256(data).digest()).rstrip(b"=").decode()
        record += f"{name},sha256={digest},{len(data)}\n"
    files[f"{info}/RECORD"] = (record + f"{info}/RECORD,,\n").encode()

    Path(folder).mkdir(parents=True, exist_ok=True)
    path = Path(folder) / f"ddlint-{version}-py3-none-{tag()}.whl"
    with zipfile.ZipFile(path, "w", zipfile.ZIP_DEFLATED) as wheel:
        for name, data in files.items():
            entry = zipfile.ZipInfo(name)  # of 1980: the same bytes every time
            entry.compress_type = zipfile.ZIP_DEFLATED
            entry.external_attr = (0o100755 if "/scripts/" in name else 0o100644) << 16
            wheel.writestr(entry, data)
    print(path)


if __name__ == "__main__":
    main(*sys.argv[1:])
