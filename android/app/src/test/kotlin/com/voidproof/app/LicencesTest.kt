package com.voidproof.app

import com.voidproof.app.device.platform.AndroidLicences
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment

/** The list that the build packed is in the app, whole. */
@RunWith(RobolectricTestRunner::class)
class LicencesTest {
    @Test
    fun `each part has a licence and its text`() {
        val parts = runBlocking { AndroidLicences(RuntimeEnvironment.getApplication().assets, Dispatchers.Unconfined).read() }.orEmpty()
        assertTrue("${parts.size}", parts.size > 100)
        assertTrue(parts.all { it.licence.isNotEmpty() && it.text.length > 100 })
        listOf("rustls", "rusqlite", "org.jetbrains.kotlin:kotlin-stdlib", "net.java.dev.jna:jna").forEach { name ->
            assertTrue(name, parts.any { it.name == name })
        }
    }
}
