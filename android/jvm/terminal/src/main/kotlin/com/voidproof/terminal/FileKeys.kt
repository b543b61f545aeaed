package com.voidproof.terminal

import com.voidproof.gateway.KeyStore
import java.io.File
import java.security.SecureRandom
import javax.crypto.Cipher
import javax.crypto.spec.GCMParameterSpec
import javax.crypto.spec.SecretKeySpec

/** A key store for a device that has none: its key lies in a file. For simulated terminals only. */
internal class FileKeys(folder: File) : KeyStore {
    private val file = File(folder, "wrapping.key")
    private val random = SecureRandom()

    override fun wrap(key: ByteArray): ByteArray {
        if (!file.exists()) file.writeBytes(ByteArray(KEY).also(random::nextBytes))
        val nonce = ByteArray(NONCE).also(random::nextBytes)
        return nonce + cipher(Cipher.ENCRYPT_MODE, nonce).doFinal(key)
    }

    override fun unwrap(wrapped: ByteArray): ByteArray? {
        if (!file.exists()) return null
        val nonce = wrapped.copyOf(NONCE)
        return cipher(Cipher.DECRYPT_MODE, nonce).doFinal(wrapped, NONCE, wrapped.size - NONCE)
    }

    private fun cipher(mode: Int, nonce: ByteArray) = Cipher.getInstance("AES/GCM/NoPadding").apply {
        init(mode, SecretKeySpec(file.readBytes(), "AES"), GCMParameterSpec(TAG_BITS, nonce))
    }

    private companion object {
        const val KEY = 32
        const val NONCE = 12
        const val TAG_BITS = 128
    }
}
