package com.voidproof.app.unit

import com.voidproof.app.device.platform.AndroidKeys
import com.voidproof.app.device.platform.PlatformKeys
import org.junit.Assert.assertArrayEquals
import org.junit.Assert.assertEquals
import org.junit.Assert.assertFalse
import org.junit.Assert.assertNull
import org.junit.Assert.assertThrows
import org.junit.Test
import java.security.GeneralSecurityException
import java.security.KeyStoreException
import java.security.ProviderException
import javax.crypto.SecretKey
import javax.crypto.spec.SecretKeySpec

/** How a wrapped key survives what platforms do to their keys. */
class AndroidKeysTest {
    private val key = ByteArray(32) { it.toByte() }
    private val platform = Platform()
    private val keys = AndroidKeys(platform)

    @Test
    fun `what was wrapped is unwrapped, and not by looking at it`() {
        val wrapped = keys.wrap(key)
        assertFalse(wrapped.asList().windowed(key.size).any { it == key.asList() })
        assertArrayEquals(key, AndroidKeys(platform).unwrap(wrapped))
        assertEquals(1, platform.made.size)
    }

    @Test
    fun `a platform without its key says so and throws nothing`() {
        val wrapped = keys.wrap(key)
        platform.made.clear()
        assertNull(keys.unwrap(wrapped))
    }

    @Test
    fun `whatever a vendor throws is one kind of failure`() {
        val wrapped = keys.wrap(key)
        listOf(ProviderException("busy"), IllegalStateException("locked"), NullPointerException(), KeyStoreException("no")).forEach { thrown ->
            platform.failure = thrown
            assertThrows(GeneralSecurityException::class.java) { keys.unwrap(wrapped) }
            assertThrows(GeneralSecurityException::class.java) { keys.wrap(key) }
        }
        platform.failure = null
        assertArrayEquals(key, keys.unwrap(wrapped))
    }

    @Test
    fun `a key that cannot be used any more is left alone, and another is made beside it`() {
        val before = keys.wrap(key)
        val (name, usable) = platform.made.entries.single().toPair()
        platform.made[name] = SecretKeySpec(ByteArray(5), "AES")
        assertThrows(GeneralSecurityException::class.java) { keys.unwrap(before) }
        val after = keys.wrap(key)
        assertArrayEquals(key, keys.unwrap(after))
        platform.made[name] = usable
        assertArrayEquals(key, keys.unwrap(before))
        assertArrayEquals(key, keys.unwrap(after))
    }

    @Test
    fun `what was changed or cut is not unwrapped`() {
        val wrapped = keys.wrap(key)
        wrapped[wrapped.size - 1] = (wrapped.last() + 1).toByte()
        assertThrows(GeneralSecurityException::class.java) { keys.unwrap(wrapped) }
        assertThrows(GeneralSecurityException::class.java) { keys.unwrap(ByteArray(3)) }
    }

    private class Platform : PlatformKeys {
        val made = LinkedHashMap<String, SecretKey>()
        var failure: Exception? = null

        override fun find(name: String): SecretKey? {
            failure?.let { throw it }
            return made[name]
        }

        override fun make(name: String): SecretKey = SecretKeySpec(ByteArray(32) { (made.size + 7 * it).toByte() }, "AES").also { made[name] = it }
    }
}
