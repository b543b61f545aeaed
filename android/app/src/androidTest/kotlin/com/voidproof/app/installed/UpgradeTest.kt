package com.voidproof.app.installed

import com.voidproof.gateway.Clock
import com.voidproof.gateway.SaleStatus
import com.voidproof.gateway.UndoStatus
import java.io.File
import java.util.zip.ZipInputStream
import kotlinx.coroutines.runBlocking
import org.junit.After
import org.junit.Assert.assertEquals
import org.junit.Test

/** A terminal as an earlier release left it: a sale that stands, and a void that waits for a host which is gone. */
class UpgradeTest {
    private val terminal = Terminal("upgrade", PlainKeys, SameDay).fresh()

    @After
    fun clean() {
        terminal.fresh()
    }

    @Test
    fun theQueueOfTheReleaseBeforeIsKept() = runBlocking {
        terminal.leftBy("v0.4.0.zip")
        val gateway = terminal.reopened()
        val undo = gateway.undo(UNDO)
        assertEquals(UndoStatus.QUEUED to 12_34L, undo.status to undo.amount)
        assertEquals(listOf(UNDO), gateway.queue().map { it.id })
        val kept = gateway.sale(KEPT)
        assertEquals(SaleStatus.APPROVED to 56_78L, kept.status to kept.net)
        val check = gateway.verifyLedger()
        assertEquals("${check.problems}", true, check.ok)
        gateway.close()
    }

    private fun Terminal.leftBy(release: String) {
        val archive = UpgradeTest::class.java.getResourceAsStream(release) ?: error("no $release among the tests")
        ZipInputStream(archive).use { zip ->
            generateSequence(zip::getNextEntry).forEach { entry ->
                val file = File(folder, entry.name)
                file.parentFile!!.mkdirs()
                file.outputStream().use(zip::copyTo)
            }
        }
    }

    private companion object {
        const val KEPT = "SYVX9250R2P94SNMK"
        const val UNDO = "V1D0YF8PDA9DG1KQR"
    }
}

/** Minutes after the void was noted, whenever the test runs: its deadline is not yet over. */
private object SameDay : Clock {
    /** 2026-11-25, 02:50 in Shanghai. */
    private const val WALL = 1_795_546_200_000L

    override fun wall() = WALL

    override fun sinceBoot() = 60_000L

    override fun bootId() = "upgrade"
}
