package com.voidproof.app.unit

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.w3c.dom.Element
import java.io.File
import javax.xml.parsers.DocumentBuilderFactory

/** Both languages say everything, and say it in their own script. */
class StringsTest {
    private val english = read("values")
    private val chinese = read("values-zh")

    private fun read(folder: String): Map<String, String> {
        val document = DocumentBuilderFactory.newInstance().newDocumentBuilder().parse(File("src/main/res/$folder/strings.xml"))
        val nodes = document.getElementsByTagName("string")
        return (0 until nodes.length).map { nodes.item(it) as Element }.associate { it.getAttribute("name") to it.textContent }
    }

    @Test
    fun `both languages have the same strings in the same order`() {
        assertEquals(english.keys.toList(), chinese.keys.toList())
        assertTrue(english.size > 400)
    }

    @Test
    fun `both have the same places for numbers and names`() {
        english.forEach { (name, words) -> assertEquals(name, places(words), places(chinese.getValue(name))) }
    }

    private fun places(words: String) = Regex("""%\d\$[sd]""").findAll(words).map { it.value }.toSortedSet()

    @Test
    fun `emphasis is closed and headings have at most two lines`() {
        (english + chinese).forEach { (name, words) -> assertEquals(name, 0, words.split("**").size.minus(1) % 2) }
        (english.entries + chinese.entries).filter { it.key.startsWith("head_") }.forEach { (name, words) ->
            assertTrue(name, words.split("\\n").size <= 2)
        }
    }

    @Test
    fun `nothing is left untranslated`() {
        val same = setOf("chinese", "english", "card_expiry_hint", "profile_hint", "by_reference_number_hint", "by_reference_date_hint")
        english.forEach { (name, words) ->
            if (name in same) return@forEach
            assertTrue("$name: $words", words.none { it in '\u3400'..'\u9FFF' })
            val needsWords = words.replace(Regex("""%\d\$[sd]|[^\p{L}]"""), "").isNotEmpty()
            if (needsWords && name != "sentence_gap") assertTrue(name, chinese.getValue(name).any { it in '\u3400'..'\u9FFF' })
        }
    }

    @Test
    fun `every string is used`() {
        val source = File("src/main").walk().filter { it.extension in setOf("kt", "xml") && it.name != "strings.xml" }.joinToString("\n") { it.readText() }
        assertEquals(emptyList<String>(), english.keys.filterNot { Regex("""(R\.string\.|@string/)$it\b""").containsMatchIn(source) })
    }

    /** A void may be called done only by the state that the core proved. */
    @Test
    fun `only the proven state says that a void succeeded`() {
        val claims = chinese.filter { (_, words) -> "撤销成功" in words }.keys
        assertEquals(setOf("head_voided", "undo_voided"), claims)
    }
}
