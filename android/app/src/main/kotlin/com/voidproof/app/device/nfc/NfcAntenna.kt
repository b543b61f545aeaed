package com.voidproof.app.device.nfc

import android.app.Activity
import android.content.Context
import android.nfc.NfcAdapter
import android.nfc.Tag
import android.nfc.tech.IsoDep
import android.os.Bundle
import com.voidproof.app.MainThread
import com.voidproof.app.device.Front
import kotlinx.coroutines.CompletableDeferred
import kotlinx.coroutines.Dispatchers
import kotlinx.coroutines.NonCancellable
import kotlinx.coroutines.withContext
import java.io.IOException

/** The antenna that Android shows apps. Where it is wired to a vendor's secure processor there is none, and the vendor's reader is used. */
class NfcAntenna(private val adapter: NfcAdapter, private val front: Front) : Antenna {
    override suspend fun <T : Any> withCard(work: suspend (TagLink) -> T): T? = withContext(MainThread) {
        if (!adapter.isEnabled) return@withContext null
        val ear = Ear()
        ear.listen()
        val watch = front.watch(ear::listen)
        try {
            val tag = ear.heard.await()
            try {
                connected(tag, work)
            } finally {
                // Left on the antenna it would start another app.
                adapter.ignore(tag, DEBOUNCE, null, null)
            }
        } finally {
            watch.close()
            ear.stop()
        }
    }

    private suspend fun <T> connected(tag: Tag, work: suspend (TagLink) -> T): T {
        val card = IsoDep.get(tag)
        try {
            withContext(Dispatchers.IO) { connect(card) }
            return work(IsoDepLink(card))
        } finally {
            withContext(NonCancellable + Dispatchers.IO) { close(card) }
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

    /** Listens in the activity in front, from the first moment on; in one that takes its place too. */
    private inner class Ear {
        val heard = CompletableDeferred<Tag>()
        private var activity: Activity? = null

        fun listen() {
            val activity = front.activity ?: return
            this.activity = activity
            val extras = Bundle().apply { putInt(NfcAdapter.EXTRA_READER_PRESENCE_CHECK_DELAY, PRESENCE_CHECK) }
            adapter.enableReaderMode(activity, { tag -> heard.complete(tag) }, FLAGS, extras)
        }

        /** Behind another app too: Android would begin again by itself once the activity is back. */
        fun stop() {
            activity?.takeUnless(Activity::isDestroyed)?.let(adapter::disableReaderMode)
        }
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
        fun of(context: Context, front: Front): NfcAntenna? = NfcAdapter.getDefaultAdapter(context)?.let { NfcAntenna(it, front) }
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
