package com.voidproof.app

import com.voidproof.app.installed.Here
import com.voidproof.app.installed.Tests
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.JUnitCore
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.annotation.Config
import java.io.File

/** The tests for a device, as far as Robolectric can stand in for one. */
@RunWith(RobolectricTestRunner::class)
class InstalledTest {
    @Test
    @Config(sdk = [24, 34])
    fun `what needs no device passes here too`() {
        Here.context = RuntimeEnvironment.getApplication()
        val (device, here) = Tests.all.partition(Tests::isDeviceOnly)
        val result = JUnitCore.runClasses(*here.toTypedArray())
        assertEquals(result.failures.joinToString("\n") { it.trace }, 0, result.failureCount)
        assertTrue(result.runCount > 0)
        println("${result.runCount} tests for a device ran here; only on a device: ${device.map { it.simpleName }}")
    }

    @Test
    fun `every test for a device is in the list`() {
        val folder = File("src/androidTest/kotlin/com/voidproof/app/installed")
        val written = folder.listFiles()!!.flatMap { file ->
            val text = file.readText()
            if ("@Test" in text) CLASS.findAll(text).map { it.groupValues[1] }.toList() else emptyList()
        }
        assertEquals(written.sorted(), Tests.all.map { it.simpleName }.sorted())
    }

    private companion object {
        val CLASS = Regex("^class (\\w+)", RegexOption.MULTILINE)
    }
}
