package com.voidproof.terminal

import java.io.File
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNotEquals
import org.junit.Assert.assertTrue
import org.junit.Rule
import org.junit.Test
import org.junit.rules.TemporaryFolder

/** Drives the terminal over its endpoints, in a process of its own, as the browser page and programs do. */
class TerminalTest {
    @get:Rule
    val folder = TemporaryFolder()

    @Test
    fun `a sale with a presented card, its printed slip, and a void`() {
        Child(folder.root).use { terminal ->
            terminal.await("charge")
            val before = terminal.get("screen.png")
            assertArrayEquals(PNG, before.body.copyOf(4))
            listOf("key_1", "key_2", "key_8").forEach { terminal.tap("""{"id":"$it"}""") }
            terminal.tap("""{"id":"charge"}""")
            terminal.awaitCounter("\"waits_for_card\":true")
            assertEquals(409, terminal.post("text", """{"text":"9"}""").status)
            val card = """{"entry":"swipe","track2":"6225880000000217=2912","pin":"123456"}"""
            assertEquals(200, terminal.post("control", """{"do":"card","arg":$card}""").status)
            assertEquals(409, terminal.post("control", """{"do":"card","arg":$card}""").status)
            terminal.await("收款成功")
            assertNotEquals(before.header("X-Picture"), terminal.get("screen.png").header("X-Picture"))

            terminal.post("control", """{"do":"printer","arg":"paper_out"}""")
            terminal.tap("""{"text":"打印凭条"}""")
            terminal.await("打印机缺纸")
            terminal.post("control", """{"do":"printer","arg":"ok"}""")
            terminal.tap("""{"text":"打印凭条"}""")
            assertTrue(terminal.get("slips?after=0").text.contains("128.00"))

            terminal.tap("""{"id":"home_void"}""")
            terminal.tap("""{"text":"0217"}""")
            terminal.tap("""{"text":"顾客退货"}""")
            terminal.tap("""{"id":"main_action"}""")
            "246810".forEach { terminal.tap("""{"id":"key_$it"}""") }
            terminal.tap("""{"id":"approve"}""")
            terminal.await("撤销成功")
        }
    }

    @Test
    fun `a sale to a phone held to the antenna`() {
        Child(folder.root).use { terminal ->
            terminal.tap("""{"id":"key_5"}""")
            val phone = """{"do":"card","arg":{"entry":"held","pan":"6225880000000886","expiry":"3012","owner_checked":true}}"""
            terminal.await("charge")
            assertEquals("nobody waits yet", 409, terminal.post("control", phone).status)
            terminal.tap("""{"id":"charge"}""")
            terminal.awaitCounter("\"waits_for_tag\":true")
            assertEquals(400, terminal.post("control", """{"do":"card","arg":{"entry":"held","pan":"x","expiry":"3012"}}""").status)
            assertEquals(200, terminal.post("control", phone).status)
            terminal.await("收款成功")
            assertFalse("one reading, one card", "\"waits_for_card\":true" in terminal.get("counter").text)
        }
    }

    @Test
    fun `a sale to a code before the scanner`() {
        Child(folder.root).use { terminal ->
            terminal.tap("""{"id":"key_5"}""")
            terminal.tap("""{"id":"charge"}""")
            val code = """{"do":"code","arg":"130000000000000000"}"""
            assertEquals("nobody scans yet", 409, terminal.post("control", code).status)
            terminal.tap("""{"id":"way_code"}""")
            terminal.awaitCounter("\"waits_for_code\":true")
            assertEquals(200, terminal.post("control", code).status)
            terminal.await("收款成功")
            assertFalse("no digit of it on the screen", "1300000000" in terminal.get("tree").text)
        }
    }

    @Test
    fun `a start unpacks nothing`() {
        Child(folder.root).use { it.await("charge") }
        val left = File(folder.root, "tmp").walk().filter(File::isFile).toList()
        assertTrue("$left", left.sumOf(File::length) < UNPACKED)
    }

    @Test
    fun `what makes no sense is refused`() {
        Child(folder.root, token = "secret").use { terminal ->
            terminal.await("charge")
            assertEquals(404, terminal.post("tap", """{"id":"nothing"}""").status)
            assertEquals(400, terminal.post("tap", "{}").status)
            assertEquals(400, terminal.post("key", """{"code":"NO_SUCH"}""").status)
            assertEquals(400, terminal.post("control", """{"do":"dance"}""").status)
            assertEquals(400, terminal.post("control", "not JSON").status)
            assertEquals(404, terminal.outside("tree").status)
            terminal.tap("""{"id":"home_more"}""")
            terminal.tap("""{"id":"menu_language"}""")
            terminal.await("look_dark")
            assertEquals(409, terminal.post("tap", """{"text":"色"}""").status)
        }
    }

    @Test
    fun `the language chosen outlives the process`() {
        Child(folder.root).use { terminal ->
            terminal.tap("""{"id":"home_more"}""")
            terminal.tap("""{"id":"menu_language"}""")
            terminal.tap("""{"id":"speak_en"}""")
            terminal.await("Language")
            terminal.post("key", """{"code":"BACK"}""")
            terminal.await("Log off")
        }
        Child(folder.root).use { it.await("Charge") }
    }

    private companion object {
        /** Bytes that a start may leave: JNA's own library, not a hundred fonts. */
        const val UNPACKED = 5_000_000L
        val PNG = byteArrayOf(0x89.toByte(), 0x50, 0x4E, 0x47)
    }
}
