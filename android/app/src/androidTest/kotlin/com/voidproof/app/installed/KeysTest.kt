package com.voidproof.app.installed

import com.voidproof.app.device.platform.AndroidKeys
import java.security.GeneralSecurityException
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertThrows
import org.junit.Test

/** The platform's key store keeps the wrapping key. */
@DeviceOnly
class KeysTest {
    private val key = ByteArray(32) { it.toByte() }

    @Test
    fun whatIsWrappedIsUnwrappedByAnotherObject() {
        val wrapped = AndroidKeys().wrap(key)
        assertFalse(wrapped.asList().windowed(key.size).any { it == key.asList() })
        assertArrayEquals(key, AndroidKeys().unwrap(wrapped))
    }

    @Test
    fun whatWasChangedIsNotUnwrapped() {
        val wrapped = AndroidKeys().wrap(key)
        wrapped[wrapped.size - 1] = (wrapped.last() + 1).toByte()
        assertThrows(GeneralSecurityException::class.java) { AndroidKeys().unwrap(wrapped) }
        assertThrows(GeneralSecurityException::class.java) { AndroidKeys().unwrap(ByteArray(3)) }
    }
}
