"""What `lms keys` does and says: the keys that sign certificates, a new one, and the end of one."""

import base64
from datetime import date, datetime

import click

from lms.boot.site import fail, say, site
from lms.certificate import keys
from lms.certificate.snapshot import key_id, new_key, public_key
from lms.db.engine import writing
from lms.db.settings import Settings, replace_kept_secret
from lms.db.tables import SigningKey
from lms.web.clock import now, today
from lms.web.dates import tanggal


@click.group(name="keys", invoke_without_command=True)
@click.pass_context
def keys_group(context: click.Context) -> None:
    """Daftar kunci tanda tangan sertifikat; membuat yang baru, mengakhiri yang lama."""
    if context.invoked_subcommand is None:
        with site() as settings:
            say("\n".join(_listed(settings)))


@keys_group.command()
def new() -> None:
    """Buat kunci baru; kunci lama tetap membuktikan yang sudah terbit."""
    with site() as settings:
        say("\n".join(_renewed(settings)))


@keys_group.command()
@click.argument("name")
@click.option("--bocor-sejak", "leaked_on", type=click.DateTime(["%Y-%m-%d"]), help="Sejak hari ini tidak dipercaya.")
def end(name: str, leaked_on: datetime | None) -> None:
    """Akhiri sebuah kunci, karena diganti atau karena bocor."""
    with site() as settings:
        say("\n".join(_ended(settings, name, leaked_on)))


def _listed(settings: Settings) -> list[str]:
    """A line for each key that ever signed, the oldest first."""
    present = key_id(public_key(settings.signing_key))
    found = keys.every_key()
    lines = [f"{key.id}  {_state(key, present)}; {count} sertifikat" for key, count in found]
    if present not in [key.id for key, _ in found]:
        lines.append(f"{present}  menandatangani sekarang; belum pernah dipakai")
    return lines


def _state(key: SigningKey, present: str) -> str:
    since = f"sejak {tanggal(key.created_at)}"
    if key.leaked_on:
        return f"{since}, BOCOR sejak {tanggal(key.leaked_on)}"
    if key.ended_on:
        return f"{since} sampai {tanggal(key.ended_on)}"
    return f"{since}, menandatangani sekarang" if key.id == present else f"{since}, belum diakhiri"


def _renewed(settings: Settings) -> list[str]:
    """Make a new key: put into the file it is read from, or printed to be put into the settings."""
    fresh, old = new_key(), key_id(public_key(settings.signing_key))
    file = settings.data / "signing_key.key"
    after = f"Setelah situs dijalankan lagi, akhiri kunci lama: lms keys end {old}"
    if not file.exists() or base64.b64decode(file.read_bytes()) != settings.signing_key:
        line = f"SIGNING_KEY={base64.b64encode(fresh).decode()}"
        return ["Ganti baris ini di pengaturan, lalu hentikan dan jalankan lagi situsnya:", line, after]
    with writing():
        keys.keep(fresh, now())
    before = settings.data / f"signing_key.{old}.lama"
    replace_kept_secret(file, fresh, before)
    made = f"Kunci baru {key_id(public_key(fresh))} ada di {file}; yang lama di {before}."
    return [made, "Hentikan dan jalankan lagi situsnya. Simpan salinan kunci baru, terpisah dari cadangan.", after]


def _ended(settings: Settings, name: str, leaked_on: datetime | None) -> list[str]:
    """End a key; with a date it leaked, and nothing that it signed from that day on is believed."""
    day = leaked_on.date() if leaked_on else None
    if day and day > today():
        fail("Tanggal bocor tidak boleh di hari depan.")
    try:
        with writing():
            undone = keys.end(name, day, settings.signing_key, now())
    except LookupError:
        fail(f"Tidak ada kunci {name}. Lihat daftarnya: lms keys")
    except keys.StillSigns:
        fail(f"Kunci {name} masih menandatangani. Buat penggantinya dulu: lms keys new")
    except keys.KeyEnded as ended:
        fail(f"Kunci di pengaturan, {ended.name}, sudah diakhiri. Buat yang baru: lms keys new")
    return _told(name, day, undone)


def _told(name: str, leaked_on: date | None, undone: int) -> list[str]:
    since = f"bocor sejak {tanggal(leaked_on)}" if leaked_on else "diakhiri hari ini"
    lines = [f"Kunci {name} {since}. Yang ditandatanganinya sebelum itu tetap benar."]
    if undone:
        lines.append(f"{undone} sertifikat yang terbit sejak itu kini ditolak; terbitkan revisinya dengan kunci baru.")
    return [*lines, "Salinan halaman cek luring yang disimpan orang belum tahu ini; minta mereka menyimpannya lagi."]
