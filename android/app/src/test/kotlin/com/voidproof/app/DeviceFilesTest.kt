package com.voidproof.app

import android.app.ActivityManager
import android.content.Context
import android.content.Intent
import android.net.Uri
import com.voidproof.app.device.FileContent
import com.voidproof.app.device.FileTrouble
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.Kept
import com.voidproof.app.device.Shared
import com.voidproof.app.device.platform.AndroidOutbox
import com.voidproof.app.device.platform.AndroidProfiles
import com.voidproof.gateway.CoreState
import com.voidproof.gateway.EvidenceFile
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config

/** Files in and out of a real device's folders, on the oldest and a recent Android. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class DeviceFilesTest {
    private val app = RuntimeEnvironment.getApplication() as TestApp
    private val profiles = AndroidProfiles(app, Dispatchers.Unconfined)
    private val folder = app.getExternalFilesDir("import")!!

    private fun put(name: String, content: ByteArray, at: Long) = File(folder, name).apply {
        writeBytes(content)
        setLastModified(at)
    }

    private fun read(name: String) = runBlocking { profiles.read(profiles.list().first { it.name == name }) }

    @Test
    fun `profiles are listed newest first, other files not at all`() {
        put("old.toml", ByteArray(3), at = 1_000_000)
        put("new.TOML", ByteArray(5), at = 2_000_000)
        put("photo.jpg", ByteArray(9), at = 3_000_000)
        assertEquals(listOf("new.TOML" to 5L, "old.toml" to 3L), runBlocking { profiles.list() }.map { it.name to it.bytes })
    }

    @Test
    fun `a file is read whole, one that is too large or gone is not`() {
        val text = "schema = 1\nname = \"示例\"".encodeToByteArray()
        put("good.toml", text, at = 1_000_000)
        assertArrayEquals(text, (read("good.toml") as FileContent.Read).bytes)
        put("huge.toml", ByteArray(65_537), at = 1_000_000)
        assertEquals(FileContent.Failed(FileTrouble.TOO_LARGE), read("huge.toml"))
        put("limit.toml", ByteArray(65_536), at = 1_000_000)
        assertTrue(read("limit.toml") is FileContent.Read)
        assertEquals(FileContent.Failed(FileTrouble.GONE), runBlocking { profiles.read(FoundFile("/nowhere/x.toml", "x.toml", null)) })
    }

    @Test
    fun `a file that the profile names is found beside it by its last part, and nowhere else`() {
        put("ca.pem", "pem".encodeToByteArray(), at = 1_000_000)
        File(folder.parentFile, "other.pem").writeText("secret")
        assertTrue(runBlocking { profiles.beside("keys/ca.pem") } is FileContent.Read)
        listOf("keys/none.pem", "../other.pem", "..", "").forEach {
            assertEquals(it, FileContent.Failed(FileTrouble.GONE), runBlocking { profiles.beside(it) })
        }
    }

    @Test
    fun `a shared file comes first and is read through its provider`() {
        val uri = Uri.parse("content://mail/attachments/shop.toml")
        shadowOf(app.contentResolver).registerInputStream(uri, "schema = 1".byteInputStream())
        put("folder.toml", ByteArray(1), at = 1_000_000)
        profiles.offer(uri.toString())
        assertEquals(listOf("shop.toml", "folder.toml"), runBlocking { profiles.list() }.map { it.name })
        assertEquals("schema = 1", String((read("shop.toml") as FileContent.Read).bytes))
    }

    @Test
    fun `only a file that another app really hands over is listed`() {
        app.fake.state = CoreState.NeedsSetUp
        val shared = Uri.parse("content://mail/shop.toml")
        val controller = Robolectric.buildActivity(MainActivity::class.java, Intent(Intent.ACTION_VIEW, Uri.parse("file:///etc/hosts"))).setup()
        app.idle()
        assertEquals(emptyList<String>(), app.hardware.profiles.offered)
        controller.newIntent(Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_STREAM, "no address"))
        controller.newIntent(Intent(Intent.ACTION_SEND).putExtra(Intent.EXTRA_STREAM, shared))
        controller.newIntent(Intent(Intent.ACTION_VIEW, Uri.parse("content://mail/other.toml")))
        assertEquals(listOf("content://mail/shop.toml", "content://mail/other.toml"), app.hardware.profiles.offered)
        controller.close()
    }

    @Test
    fun `evidence is written whole into a folder that a computer can read`() {
        val outbox = AndroidOutbox(app, Dispatchers.Unconfined)
        val kept = runBlocking { outbox.keep(listOf(EvidenceFile("e.json", "application/json", "{}".toByteArray()))) }
        assertEquals(Kept.In("Android/data/${app.packageName}/files/evidence"), kept)
        assertEquals(listOf("e.json"), File(app.getExternalFilesDir("evidence"), "").list()!!.toList())
        assertEquals("{}", File(app.getExternalFilesDir("evidence"), "e.json").readText())
    }

    @Test
    fun `words are handed to the app that the person chooses`() {
        assertEquals(Shared.CHOOSING, AndroidOutbox(app).share("Evidence", "what happened"))
        val chosen = shadowOf(app).nextStartedActivity
        assertEquals(Intent.ACTION_CHOOSER, chosen.action)
        @Suppress("DEPRECATION")
        val sent = chosen.getParcelableExtra<Intent>(Intent.EXTRA_INTENT)!!
        assertEquals("what happened", sent.getStringExtra(Intent.EXTRA_TEXT))
    }

    @Test
    fun `a pinned screen is not left for another app's`() {
        shadowOf(app.getSystemService(Context.ACTIVITY_SERVICE) as ActivityManager).setLockTaskModeState(ActivityManager.LOCK_TASK_MODE_LOCKED)
        assertEquals(Shared.PINNED, AndroidOutbox(app).share("Evidence", "what happened"))
        assertNull(shadowOf(app).nextStartedActivity)
    }
}
