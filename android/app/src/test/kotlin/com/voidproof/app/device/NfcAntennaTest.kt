package com.voidproof.app.device

import android.app.Activity
import android.content.pm.PackageManager
import android.nfc.NfcAdapter
import android.os.Looper
import com.voidproof.app.device.nfc.NfcAntenna
import kotlinx.coroutines.CoroutineScope
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.Job
import kotlinx.coroutines.launch
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertTrue
import org.junit.Test
import org.junit.runner.RunWith
import org.robolectric.Robolectric
import org.robolectric.RobolectricTestRunner
import org.robolectric.RuntimeEnvironment
import org.robolectric.Shadows.shadowOf
import org.robolectric.annotation.Config
import org.robolectric.shadows.ShadowNfcAdapter

/** When Android's antenna listens, and what it gives for a thing that is held to it. */
@RunWith(RobolectricTestRunner::class)
@Config(sdk = [24, 34])
class NfcAntennaTest {
    private val app = RuntimeEnvironment.getApplication().also {
        shadowOf(it.packageManager).setSystemFeature(PackageManager.FEATURE_NFC, true)
    }
    private val adapter = NfcAdapter.getDefaultAdapter(app)
    private val shadow = shadowOf(adapter).apply { setEnabled(true) }
    private val front = Front().also(app::registerActivityLifecycleCallbacks)
    private val screen = Robolectric.buildActivity(Activity::class.java)
    private val ended = ArrayList<Any?>()

    private fun read(): Job = CoroutineScope(Dispatchers.Unconfined).launch {
        ended += NfcAntenna(adapter, front).withCard { card -> card.transceive(byteArrayOf(0)).map { it.toInt() and 0xFF } }
    }

    @Test
    fun `the first reading listens in the screen that was there before it`() {
        screen.setup()
        val reading = read()
        assertTrue(shadow.isInReaderMode)
        reading.cancel()
        assertFalse(shadow.isInReaderMode)
    }

    @Test
    fun `a screen that comes while somebody waits listens, one that comes later does not`() {
        val reading = read()
        assertFalse(shadow.isInReaderMode)
        screen.setup()
        assertTrue(shadow.isInReaderMode)
        reading.cancel()
        Robolectric.buildActivity(Activity::class.java).setup()
        assertFalse(shadow.isInReaderMode)
    }

    @Test
    fun `who gives up behind another app listens no more on coming back`() {
        screen.setup()
        val reading = read()
        screen.pause()
        reading.cancel()
        assertFalse(shadow.isInReaderMode)
    }

    @Test(timeout = 60_000)
    fun `a ticket is a card without a payment, and nobody listens after it`() {
        screen.setup()
        read()
        shadow.dispatchTagDiscovered(ShadowNfcAdapter.createMockTag())
        // Another thread connects and closes it.
        while (ended.isEmpty()) shadowOf(Looper.getMainLooper()).idle()
        assertEquals(listOf(listOf(0x6A, 0x82)), ended)
        assertFalse(shadow.isInReaderMode)
    }

    @Test
    fun `an antenna that is switched off is none`() {
        screen.setup()
        shadow.setEnabled(false)
        read()
        assertEquals(listOf(null), ended)
        assertFalse(shadow.isInReaderMode)
    }
}
