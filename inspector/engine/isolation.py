"""Keeps a process that runs models off the network, as far as the platform lets it.

Two layers, both without privileges and for the life of the process:

- under Linux on x86-64 and AArch64 a seccomp filter makes the kernel refuse every new socket but
  those of the machine itself (AF_UNIX), in all threads, also those that started earlier, and in
  native code. ``io_uring``, which makes sockets another way, is refused with it;
- everywhere an audit hook of the interpreter refuses connections that Python code makes, with a
  message that says who refused.

A network namespace would do it too, but needs a process without threads and without files of
another user's, which the engine is not. Sockets that are open already stay open.

The engine process of the window does it when it starts. A command does it by itself
(:func:`deny_network_to_models`) when all releases are fetched and the first is about to be opened.
"""

from __future__ import annotations

import ctypes
import platform
import struct
import sys

_AF_UNIX = 1
_AUDITED = frozenset(
    {"socket.connect", "socket.bind", "socket.sendto", "socket.sendmsg", "socket.getaddrinfo"}
)

_ALLOW, _REFUSE = 0x7FFF0000, 0x00050000  # SECCOMP_RET_ALLOW, SECCOMP_RET_ERRNO
_EPERM, _ENOSYS, _EACCES = 1, 38, 13
_PR_SET_NO_NEW_PRIVS = 38
_SECCOMP_SET_MODE_FILTER, _FILTER_FLAG_TSYNC = 1, 1

# machine: AUDIT_ARCH_*, and the numbers of seccomp, socket and io_uring_setup
_MACHINES = {
    "x86_64": (0xC000003E, 317, 41, 425),
    "aarch64": (0xC00000B7, 277, 198, 425),
}

_state = {"hooked": False, "filtered": False, "asked": False}


def deny_network() -> str:
    """Refuse this process new network connections, for good.

    Call it once everything that is to be fetched has been fetched. Calling it again changes
    nothing.

    Returns
    -------
    str
        What was achieved, in one sentence for the log and for ``doctor``.
    """
    if not _state["filtered"]:
        _state["filtered"] = _filter_sockets()
    if not _state["hooked"]:
        sys.addaudithook(_refuse_python)
        _state["hooked"] = True
    if _state["filtered"]:
        return "The kernel refuses this process network connections."
    return "Python code in this process may make no network connections; native code may."


def deny_network_to_models(wanted: bool = True) -> None:
    """Note whether this process shall give up its network before it opens a model.

    For programs, since it is for good; it does nothing yet. A program that needs its network still
    when models are open, as one that talks to a cluster does, takes the word back.
    """
    _state["asked"] = wanted


def before_models() -> None:
    """Give up the network where that was asked for; all that is to be fetched is here now."""
    if _state["asked"]:
        deny_network()


def _refuse_python(event: str, arguments: tuple[object, ...]) -> None:
    if event not in _AUDITED:
        return
    family = getattr(arguments[0], "family", None) if arguments else None
    if event == "socket.getaddrinfo" or family != _AF_UNIX:
        raise PermissionError(_EACCES, "a process that runs models is kept off the network")


def _filter_sockets() -> bool:
    """Install the kernel's filter; tell whether it is in place."""
    machine = _MACHINES.get(platform.machine())
    if not sys.platform.startswith("linux") or machine is None or struct.calcsize("P") != 8:
        return False
    _, seccomp, _, _ = machine
    code = _program(machine)
    try:
        libc = ctypes.CDLL(None, use_errno=True)
        if libc.prctl(_PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) != 0:
            return False
        buffer = ctypes.create_string_buffer(code, len(code))
        program = _Program(len(code) // 8, ctypes.addressof(buffer))
        done = libc.syscall(
            ctypes.c_long(seccomp),
            ctypes.c_long(_SECCOMP_SET_MODE_FILTER),
            ctypes.c_long(_FILTER_FLAG_TSYNC),
            ctypes.byref(program),
        )
    except (OSError, AttributeError):
        return False
    return bool(done == 0)


class _Program(ctypes.Structure):
    """``struct sock_fprog``."""

    _fields_ = (("length", ctypes.c_ushort), ("filter", ctypes.c_void_p))


def _program(machine: tuple[int, int, int, int]) -> bytes:
    """Write the filter as classic BPF over ``struct seccomp_data``.

    Its fields: the system call's number at 0, the architecture at 4, the low half of the first
    argument at 16. A jump's two numbers are how many instructions to skip where it holds and where
    it does not.
    """
    architecture, _, socket, io_uring = machine
    load, equal, at_least, give = 0x20, 0x15, 0x35, 0x06
    steps = (
        (load, 0, 0, 4),
        (equal, 1, 0, architecture),
        (give, 0, 0, _REFUSE | _EPERM),  # system calls of another architecture
        (load, 0, 0, 0),
        (at_least, 0, 1, 0x40000000),
        (give, 0, 0, _REFUSE | _EPERM),  # the x32 numbers of x86-64
        (equal, 0, 1, io_uring),
        (give, 0, 0, _REFUSE | _ENOSYS),
        (equal, 1, 0, socket),
        (give, 0, 0, _ALLOW),
        (load, 0, 0, 16),
        (equal, 0, 1, _AF_UNIX),
        (give, 0, 0, _ALLOW),
        (give, 0, 0, _REFUSE | _EACCES),
    )
    return b"".join(struct.pack("<HBBI", *step) for step in steps)
