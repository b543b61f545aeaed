package com.voidproof.app.device.platform

import com.voidproof.gateway.KeyStore
import java.security.GeneralSecurityException
import javax.crypto.Cipher
import javax.crypto.SecretKey
import javax.crypto.spec.GCMParameterSpec

/**
 * Wraps with an AES key of the platform's: the nonce, then what AES-256-GCM makes of the key. A platform's key that cannot be used any
 * more stays where it is, as what it wrapped may still be wanted, and the next wrapping makes another beside it. However the platform
 * fails, it is a [GeneralSecurityException]: the core then asks a supervisor for the keys.
 */
class AndroidKeys(private val platform: PlatformKeys = AndroidKeyStore()) : KeyStore {
    override fun wrap(key: ByteArray): ByteArray =
        firstOf { name -> wrap(platform.find(name) ?: platform.make(name), key) } ?: throw GeneralSecurityException("no key is left to try")

    override fun unwrap(wrapped: ByteArray): ByteArray? {
        if (wrapped.size <= NONCE) throw GeneralSecurityException("too short to be a wrapped key")
        return firstOf { name -> platform.find(name)?.let { unwrap(it, wrapped) } }
    }

    /** What [work] makes of the first key that does not fail it. Null: there was nothing to fail; else the first failure is thrown. */
    private fun firstOf(work: (String) -> ByteArray?): ByteArray? {
        var failure: GeneralSecurityException? = null
        for (name in NAMES) {
            try {
                work(name)?.let { return it }
            } catch (e: GeneralSecurityException) {
                failure = failure ?: e
            } catch (e: RuntimeException) {
                // Key stores of vendors throw whatever they like.
                failure = failure ?: GeneralSecurityException(e.javaClass.simpleName, e)
            }
        }
        failure?.let { throw it }
        return null
    }

    private fun wrap(by: SecretKey, key: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.ENCRYPT_MODE, by)
        return cipher.iv + cipher.doFinal(key)
    }

    private fun unwrap(by: SecretKey, wrapped: ByteArray): ByteArray {
        val cipher = Cipher.getInstance(CIPHER)
        cipher.init(Cipher.DECRYPT_MODE, by, GCMParameterSpec(TAG_BITS, wrapped, 0, NONCE))
        return cipher.doFinal(wrapped, NONCE, wrapped.size - NONCE)
    }

    private companion object {
        /** The first is the usual one; each other takes over from one that cannot be used. */
        val NAMES = listOf("voidproof.wrapping", "voidproof.wrapping.2", "voidproof.wrapping.3", "voidproof.wrapping.4")
        const val CIPHER = "AES/GCM/NoPadding"
        const val NONCE = 12
        const val TAG_BITS = 128
    }
}
