package com.voidproof.app.device.nfc

import android.app.Activity
import android.app.Application
import android.nfc.NfcAdapter
import android.nfc.Tag
import android.nfc.tech.IsoDep
import android.os.Bundle
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.withContext
import java.io.IOException

/** The antenna that Android shows apps. Where it is wired to a vendor's secure processor there is none, and the vendor's reader is used. */
class NfcAntenna private constructor(app: Application, private val adapter: NfcAdapter) : Antenna {
    private val screens = Screens()

    /** Who waits for a card. */
    @Volatile
    private var waiting: CompletableDeferred<Tag>? = null

    init {
        app.registerActivityLifecycleCallbacks(screens)
    }

    override suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T? {
        if (!adapter.isEnabled) return null
        val next = CompletableDeferred<Tag>()
        waiting = next
        screens.top?.let(::listen)
        try {
            val tag = next.await()
            return try {
                connected(tag, work)
            } finally {
                // Left on the antenna it would start another app.
                adapter.ignore(tag, DEBOUNCE, null, null)
            }
        } finally {
            waiting = null
            screens.top?.let(::deafen)
        }
    }

    private suspend fun <T> connected(tag: Tag, work: suspend (TagLink) -> T): T {
        val card = IsoDep.get(tag)
        try {
            withContext(Dispatchers.IO) { connect(card) }
            return work(IsoDepLink(card))
        } finally {
            withContext(Dispatchers.IO) { close(card) }
        }
    }

    /** A card that is gone already fails with its first command. */
    private fun connect(card: IsoDep?) = try {
        card?.connect()
        card?.timeout = ANSWER
    } catch (e: IOException) {
        android.util.Log.i("nfc", "not connected: ${e.javaClass.simpleName}")
    }

    private fun close(card: IsoDep?) = try {
        card?.close()
    } catch (e: IOException) {
        android.util.Log.i("nfc", "not closed: ${e.javaClass.simpleName}")
    }

    private fun listen(activity: Activity) = activity.runOnUiThread {
        if (activity.isDestroyed) return@runOnUiThread
        val extras = Bundle().apply { putInt(NfcAdapter.EXTRA_READER_PRESENCE_CHECK_DELAY, PRESENCE_CHECK) }
        adapter.enableReaderMode(activity, { tag -> waiting?.complete(tag) }, FLAGS, extras)
    }

    private fun deafen(activity: Activity) = activity.runOnUiThread {
        if (!activity.isDestroyed && waiting == null) adapter.disableReaderMode(activity)
    }

    /** Which activity is in front; a new one listens too while somebody waits. */
    private inner class Screens : Application.ActivityLifecycleCallbacks {
        @Volatile
        var top: Activity? = null

        override fun onActivityResumed(activity: Activity) {
            top = activity
            if (waiting != null) listen(activity)
        }

        override fun onActivityDestroyed(activity: Activity) {
            if (top === activity) top = null
        }

        override fun onActivityCreated(activity: Activity, state: Bundle?) = Unit

        override fun onActivityStarted(activity: Activity) = Unit

        override fun onActivityPaused(activity: Activity) = Unit

        override fun onActivityStopped(activity: Activity) = Unit

        override fun onActivitySaveInstanceState(activity: Activity, state: Bundle) = Unit
    }

    companion object {
        private const val FLAGS = NfcAdapter.FLAG_READER_NFC_A or NfcAdapter.FLAG_READER_NFC_B or NfcAdapter.FLAG_READER_SKIP_NDEF_CHECK

        /** Milliseconds; shorter ones disturb a long conversation. */
        private const val PRESENCE_CHECK = 1_000

        /** Milliseconds for one answer: a card that makes a cryptogram needs its time. */
        private const val ANSWER = 3_000

        /** Milliseconds without the card until it counts as lifted. */
        private const val DEBOUNCE = 500

        /** Null: this device has none, or gives it to no app. */
        fun of(app: Application): NfcAntenna? = NfcAdapter.getDefaultAdapter(app)?.let { NfcAntenna(app, it) }
    }
}

/** What speaks no ISO-DEP answers as a card without a payment. */
private class IsoDepLink(private val card: IsoDep?) : TagLink {
    override val longest: Int = card?.maxTransceiveLength ?: SHORT

    override fun transceive(command: ByteArray): ByteArray = card?.transceive(command) ?: NO_CARD.copyOf()

    private companion object {
        /** A short command. */
        const val SHORT = 261

        /** Status "no such file": a door key or a ticket holds no payment. */
        val NO_CARD = byteArrayOf(0x6A, 0x82.toByte())
    }
}
