package com.voidproof.app

import com.voidproof.app.device.CopyVolume
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.SafetyCopies
import com.voidproof.gateway.CopyPlace
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.UpdateAnswer
import com.voidproof.gateway.UpdateReason
import java.io.File

/** A memory card and the shared storage, with copies of another terminal. */
class FakeCopies : SafetyCopies {
    val card = CopyVolume("card", removable = true)
    var here = listOf(card, CopyVolume("storage", removable = false))
    var kept: CopyVolume? = null
    val files = ArrayList<FoundFile>()

    /** The file is gone when it is opened. */
    var gone = false

    override suspend fun volumes() = here

    override suspend fun chosen() = kept

    override suspend fun choose(volume: CopyVolume) {
        kept = volume
    }

    override suspend fun found() = files

    override suspend fun bring(file: FoundFile) = file.place.takeUnless { gone }

    override val place = object : CopyPlace {
        override fun put(name: String, file: File) = Unit

        override fun names() = emptyList<String>()

        override fun remove(name: String) = Unit
    }
}

/** Copies of the ledger, and going on from one. */
val COPY_SCENES: List<Scene> = listOf(
    Scene("copies") { toCopies() },
    Scene("copies-on", { safety.kept = safety.kept.copy(on = true, last = shop.now, due = false) }, { copies.kept = copies.card }) { toCopies() },
    Scene("copies-failed", { safety.kept = safety.kept.copy(on = true); safety.trouble = "local.COPY_PLACE_GONE" }) { toCopies(); tap(R.id.main_action) },
    Scene("copies-nowhere", hardware = { copies.here = emptyList() }) { toCopies() },
    Scene("copies-passphrase") { toCopies(); tap(R.id.main_action) },
    Scene("copies-short") { toCopies(); tap(R.id.main_action); type(R.id.passphrase, "lamp"); tap(R.id.main_action) },
    Scene("copies-approve") { passphrase() },
    Scene("copies-begun") { passphrase(); digits("246810"); tap(R.id.approve) },
    Scene("about-not-now", { safety.update = UpdateAnswer(UpdateReason.UNDOS_OWED, null) }) { tap(R.id.home_more); tap(R.id.menu_about) },
    Scene("restore-copy", { state = CoreState.NeedsSetUp }, { lost() }) { tap(R.id.restore_copy) },
    Scene("restore-copy-none", { state = CoreState.NeedsSetUp }) { tap(R.id.restore_copy) },
    Scene("restore-copy-wrong", { state = CoreState.NeedsSetUp }, { lost() }) { open("a lamp in the snow") },
    Scene("restore-copy-gone", { state = CoreState.NeedsSetUp }, { lost(); copies.gone = true }) { open("a lamp in the rain") },
    Scene("restore-copy-opened", { state = CoreState.NeedsSetUp }, { lost() }) { open("a lamp in the rain") },
    Scene("restore-copy-taken", { state = CoreState.NeedsSetUp }, { lost() }) { open("a lamp in the rain"); tap(R.id.main_action) },
)

private fun Counter.toCopies() {
    tap(R.id.home_more)
    tap(R.id.menu_copies)
}

private fun Counter.passphrase() {
    toCopies()
    tap(R.id.main_action)
    listOf(R.id.passphrase, R.id.passphrase_again).forEach { type(it, "a lamp in the rain") }
    tap(R.id.main_action)
}

private fun FakeDevices.lost() {
    copies.files += FoundFile("/card/a", LOST, 482_133)
}

private fun Counter.open(passphrase: String) {
    tap(R.id.restore_copy)
    tap(LOST)
    type(R.id.passphrase, passphrase)
    tap(R.id.main_action)
}

private const val LOST = "voidproof-10000001-00000042-0000001337.voidcopy"
