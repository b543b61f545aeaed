package com.voidproof.app

import android.content.BroadcastReceiver
import android.content.Context
import android.content.Intent
import android.os.Environment
import android.os.Looper
import com.voidproof.app.device.FoundFile
import com.voidproof.app.device.copies.AndroidCopies
import com.voidproof.app.device.copies.FolderPlace
import com.voidproof.app.device.platform.ReadyReceiver
import com.voidproof.gateway.CopyPlace
import com.voidproof.gateway.UpdateAnswer
import com.voidproof.gateway.UpdateReason
import java.io.File
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.runBlocking
import org.junit.Assert.assertEquals
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowEnvironment

/** Safety copies in a real device's folders, and the answer to who asks whether to update. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class CopyFilesTest {
    private val app = RuntimeEnvironment.getApplication() as TestApp
    private val folder = app.getExternalFilesDir("copies")!!
    private var offered = emptyList<FoundFile>()
    private val copies = AndroidCopies(app, { offered }, Dispatchers.Unconfined)

    private fun trouble(work: () -> Unit) = assertThrows(CopyPlace.Trouble::class.java, work).kind

    private fun file(text: String) = File(app.cacheDir, "made").apply { writeText(text) }

    @Test
    fun `a copy is put whole, listed and removed, and nothing half is left`() {
        val place = FolderPlace { folder }
        place.put("a.voidcopy", file("first"))
        place.put("a.voidcopy", file("second"))
        assertEquals(listOf("a.voidcopy"), place.names())
        assertEquals("second", File(folder, "a.voidcopy").readText())
        place.remove("a.voidcopy")
        place.remove("a.voidcopy")
        assertEquals(emptyList<String>(), place.names())
        File(folder, "b.voidcopy").mkdirs()
        File(folder, "b.voidcopy/inside").writeText("x")
        assertEquals(CopyPlace.Kind.DENIED, trouble { place.remove("b.voidcopy") })
        assertEquals(CopyPlace.Kind.FAILED, trouble { place.put("c", File(app.cacheDir, "never made")) })
        assertEquals(listOf("b.voidcopy"), place.names())
    }

    @Test
    fun `a folder that was pulled is gone, for each thing asked of it`() {
        for (place in listOf(FolderPlace { null }, FolderPlace { File(folder, "pulled") })) {
            assertEquals(CopyPlace.Kind.GONE, trouble { place.put("a", file("x")) })
            assertEquals(CopyPlace.Kind.GONE, trouble { place.names() })
            assertEquals(CopyPlace.Kind.GONE, trouble { place.remove("a") })
        }
    }

    @Test
    fun `a chosen volume is remembered and written, one that is not mounted is gone`() = runBlocking {
        ShadowEnvironment.setExternalStorageState(folder, Environment.MEDIA_MOUNTED)
        assertNull(copies.chosen())
        assertEquals(CopyPlace.Kind.GONE, trouble { copies.place.names() })
        val volume = copies.volumes().single()
        copies.choose(volume)
        val again = AndroidCopies(app, files = Dispatchers.Unconfined)
        assertEquals(volume, again.chosen())
        again.place.put("a.voidcopy", file("x"))
        assertTrue(File(folder, "a.voidcopy").isFile)
        ShadowEnvironment.setExternalStorageState(folder, Environment.MEDIA_UNMOUNTED)
        assertEquals(emptyList<Any>(), again.volumes())
        assertEquals(CopyPlace.Kind.GONE, trouble { again.place.names() })
    }

    @Test
    fun `copies in both folders and those that other apps hand over are found, other files are not`() = runBlocking {
        ShadowEnvironment.setExternalStorageState(folder, Environment.MEDIA_MOUNTED)
        File(folder, "old.voidcopy").apply { writeText("1") }.setLastModified(1_000_000)
        File(app.getExternalFilesDir("import"), "new.voidcopy").apply { writeText("22") }.setLastModified(2_000_000)
        File(folder, "half.voidcopy.part").writeText("3")
        offered = listOf(FoundFile("content://mail/1", "sent.voidcopy", null), FoundFile("content://mail/2", "shop.toml", null))
        val found = copies.found()
        assertEquals(listOf("sent.voidcopy", "new.voidcopy", "old.voidcopy"), found.map { it.name })
        shadowOf(app.contentResolver).registerInputStream(android.net.Uri.parse("content://mail/1"), "brought".byteInputStream())
        assertEquals("brought", File(copies.bring(found[0])!!).readText())
        assertEquals("22", File(copies.bring(found[1])!!).readText())
        File(found[2].place).delete()
        assertNull(copies.bring(found[2]))
    }

    /** Result code and data of who asks in the open, as an app store does. */
    private fun ask(): Pair<Int, String?> {
        var answer: Pair<Int, String?>? = null
        val last = object : BroadcastReceiver() {
            override fun onReceive(context: Context, intent: Intent) {
                answer = resultCode to resultData
            }
        }
        app.sendOrderedBroadcast(Intent(ReadyReceiver.ACTION).setPackage(app.packageName), null, last, null, -1, null, null)
        val end = System.nanoTime() + LONGEST
        while (answer == null && System.nanoTime() < end) shadowOf(Looper.getMainLooper()).idle()
        return checkNotNull(answer) { "no answer" }
    }

    @Test
    fun `who asks whether to update hears yes, or no and why`() {
        assertEquals(ReadyReceiver.YES to ReadyReceiver.READY, ask())
        app.fake.safety.update = UpdateAnswer(UpdateReason.UNDOS_OWED, null)
        assertEquals(ReadyReceiver.NO to "undos_owed", ask())
    }

    private companion object {
        const val LONGEST = 10_000_000_000L
    }
}
