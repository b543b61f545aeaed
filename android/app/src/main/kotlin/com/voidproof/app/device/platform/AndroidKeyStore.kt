package com.voidproof.app.device.platform

import android.os.Build
import android.security.keystore.KeyGenParameterSpec
import android.security.keystore.KeyProperties
import java.security.KeyStore
import java.security.ProviderException
import javax.crypto.KeyGenerator
import javax.crypto.SecretKey

/** AES keys that do not leave the platform and are gone with the app's data. Each function may throw whatever a vendor thought of. */
interface PlatformKeys {
    /** Null: there is none of this name. */
    fun find(name: String): SecretKey?

    fun make(name: String): SecretKey
}

/**
 * The platform's key store: in a chip of its own where there is one. The keys ask for no unlocked screen and no finger: what is owed is
 * delivered at night too.
 */
class AndroidKeyStore : PlatformKeys {
    override fun find(name: String): SecretKey? = KeyStore.getInstance(PROVIDER).apply { load(null) }.getKey(name, null) as SecretKey?

    override fun make(name: String): SecretKey {
        if (Build.VERSION.SDK_INT < STRONG_BOX) return make(spec(name))
        return try {
            make(spec(name).also(Newer::inStrongBox))
        } catch (_: ProviderException) {
            make(spec(name)) // There is no such chip, or it makes no such key.
        }
    }

    private fun make(spec: KeyGenParameterSpec.Builder): SecretKey =
        KeyGenerator.getInstance(KeyProperties.KEY_ALGORITHM_AES, PROVIDER).apply { init(spec.build()) }.generateKey()

    private fun spec(name: String) = KeyGenParameterSpec.Builder(name, KeyProperties.PURPOSE_ENCRYPT or KeyProperties.PURPOSE_DECRYPT)
        .setBlockModes(KeyProperties.BLOCK_MODE_GCM)
        .setEncryptionPaddings(KeyProperties.ENCRYPTION_PADDING_NONE)
        .setKeySize(KEY_BITS)

    private companion object {
        const val PROVIDER = "AndroidKeyStore"
        const val KEY_BITS = 256

        /** The first API level that may have a chip for keys. */
        const val STRONG_BOX = 28
    }
}
