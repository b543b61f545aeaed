package com.voidproof.app.unit

import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

/** What may know what. Read from the sources. */
class ArchitectureTest {
    private val app = sources("src/main/kotlin")
    private val gateway = sources("../gateway/src/main/kotlin")
    private val fake = sources("../gateway/src/fake/kotlin")

    private fun sources(path: String) = File(path).walk().filter { it.extension == "kt" }.toList().also { assertTrue(path, it.isNotEmpty()) }

    private fun List<File>.offending(rule: Regex) =
        flatMap { file -> file.readLines().withIndex().filter { rule.containsMatchIn(it.value) }.map { "${file.name}:${it.index + 1} ${it.value.trim()}" } }

    private fun none(files: List<File>, rule: String) = assertEquals(emptyList<String>(), files.offending(Regex(rule)))

    @Test
    fun `generated code and JNA are known to the gateway alone`() = none(app + fake, """com\.voidproof\.core|com\.sun\.jna|uniffi""")

    @Test
    fun `there is no AndroidX and no library of views`() = none(app + gateway, """androidx\.|com\.google\.android""")

    @Test
    fun `the simulated counter and the fake are no part of the product`() =
        none(app + gateway, """com\.voidproof\.terminal|com\.voidproof\.gateway\.fake|Simulated|Fake""")

    @Test
    fun `the gateway knows no screen`() = none(gateway + fake, """import android\.|com\.voidproof\.app""")

    @Test
    fun `presenters know no Android and no resource`() {
        val core = app.filter { it.parentFile.name == "core" }
        val presenters = app.filter { "Presenter<" in it.readText() || it.name == "Money.kt" }.filterNot { it.name == "Registry.kt" }
        assertTrue(presenters.size >= 15)
        none(core + presenters, """import android\.|\bR\.(string|id|drawable|color)\.|import com\.voidproof\.app\.ui\.""")
    }

    @Test
    fun `views ask nothing of the core themselves`() {
        val views = app.filter { it.name.endsWith("View.kt") || it.name.endsWith("Views.kt") || it.parentFile.name == "ui" }
        none(views, """\bGateway\b|tools\.|suspend """)
    }

    @Test
    fun `money is never a floating number`() {
        val money = app.filter { it.parentFile.name in setOf("text", "core") || "Presenter<" in it.readText() } + gateway
        none(money, """\b(Float|Double)\b|toFloat|toDouble""")
    }

    @Test
    fun `nothing is told by a toast, asked by an activity result or printed`() =
        none(app + gateway, """Toast|startActivityForResult|println\(|printStackTrace|\bLog\.[dve]\(""")

    /** Who waits for a thread of the core on the main thread stops the screen; files are touched in `device` alone, on a thread for them. */
    @Test
    fun `nothing waits on the main thread, and only devices touch files`() {
        none(app, """runBlocking|Thread\.sleep|\.join\(\)|CountDownLatch""")
        val others = app.filterNot { "/device/" in it.invariantSeparatorsPath || it.name == "App.kt" }
        none(others, """java\.io\.File\b|getSharedPreferences|openInputStream|java\.net\.""")
    }

    @Test
    fun `screens know what a device can do, not how`() {
        val others = app.filterNot { "/device/" in it.invariantSeparatorsPath || it.name == "App.kt" || it.name == "MainActivity.kt" }
        none(others, """app\.device\.[a-z]+\.(?!platform\.Newer\b|Newer\b)""")
    }

    @Test
    fun `a kind of device knows no other kind and no screen`() {
        val kinds = File("src/main/kotlin/com/voidproof/app/device").listFiles().orEmpty().filter { it.isDirectory && it.name != "platform" }
        assertTrue(kinds.size >= 7)
        for (kind in kinds) none(sources(kind.path), """import com\.voidproof\.app\.(screens\.|device\.(?!${kind.name}\.|platform\.)[a-z]+\.)""")
    }

    @Test
    fun `files stay short enough to be read`() =
        assertEquals(emptyList<String>(), (app + gateway + fake).filter { it.readLines().size > 400 }.map { it.name })

    @Test
    fun `nothing is left for later`() = none(app + gateway + fake, """TODO|FIXME|XXX""")
}
