from __future__ import annotations

import os
import threading

import pytest

from mebench.frames.decoder_noise import kept_noise

DAMAGE = b"[h264 @ 0x55] error while decoding MB 13 0, bytestream 181\n"


def test_damage_is_told_once_and_nothing_reaches_the_terminal(capfd: pytest.CaptureFixture[str]) -> None:
    with kept_noise() as noise:
        assert not noise.damage()
        os.write(2, b"[swscaler] deprecated pixel format used\n")
        assert not noise.damage()
        os.write(2, DAMAGE)
        assert noise.damage()
        assert not noise.damage()
    os.write(2, b"afterwards\n")
    assert capfd.readouterr().err == "afterwards\n"


@pytest.mark.parametrize(
    ("line", "damage"),
    [
        ("[mjpeg @ 0x5] mjpeg_decode_dc: bad vlc: 0", True),
        ("[mjpeg @ 0x5] error y=8 x=16", True),
        ("[mjpeg @ 0x5] overread 8", True),
        ("[mpeg4 @ 0x5] Error at MB: 155", True),
        ("[h264 @ 0x5] Invalid NAL unit size (1294863578 > 42).", True),
        ("[matroska,webm @ 0x5] File ended prematurely", True),
        ("[swscaler @ 0x5] deprecated pixel format used, make sure you did set range correctly", False),
        ("[mov,mp4,m4a @ 0x5] Could not find codec parameters", False),
    ],
)
def test_which_lines_tell_of_damage(line: str, damage: bool) -> None:
    with kept_noise() as noise:
        os.write(2, f"{line}\n".encode())
        assert noise.damage() == damage


def test_stderr_comes_back_from_nested_and_from_several_threads(capfd: pytest.CaptureFixture[str]) -> None:
    def work() -> None:
        for _ in range(20):
            with kept_noise(), kept_noise():
                os.write(2, DAMAGE)

    threads = [threading.Thread(target=work) for _ in range(4)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    os.write(2, b"there\n")
    assert capfd.readouterr().err == "there\n"


def test_progress_reaches_the_terminal_and_later_damage_does_not(capfd: pytest.CaptureFixture[str]) -> None:
    with kept_noise() as noise:
        os.write(2, DAMAGE)
        with noise.aloud():
            os.write(2, b"128 of 600\n")
        os.write(2, DAMAGE)
        assert noise.damage()
    assert capfd.readouterr().err == "128 of 600\n"
