package com.voidproof.app.unit

import com.voidproof.app.ui.ProfileSecrets
import org.junit.Assert.assertEquals
import org.junit.Assert.assertTrue
import org.junit.Test
import java.io.File

class ProfileSecretsTest {
    @Test
    fun `keys are dots, all else stays`() {
        assertEquals("[unionpay]\ntmk = \"••••••\"\nkeys = \"double\"", ProfileSecrets.masked("[unionpay]\ntmk = \"012345\"\nkeys = \"double\""))
        assertEquals("# api_key='••••'\r\nmch_id='5678'", ProfileSecrets.masked("# api_key='1234'\r\nmch_id='5678'"))
        assertEquals("\"api_v3_key\" = \"\"\"\n••••\n••\"\"\"\nx = 1", ProfileSecrets.masked("\"api_v3_key\" = \"\"\"\nabcd\nef\"\"\"\nx = 1"))
        assertEquals("my_tmk = \"not one\"", ProfileSecrets.masked("my_tmk = \"not one\""))
        assertEquals("", ProfileSecrets.masked(""))
    }

    @Test
    fun `a key that is being typed is dots from its first character`() = listOf("TMK = 0", "wechat.api_key = \"0", "app_auth_token=0").forEach {
        assertEquals(it.dropLast(1) + "•", ProfileSecrets.masked(it))
    }

    @Test
    fun `what looks like a key is dots under any name`() {
        val key = "0123456789ABCDEFFEDCBA9876543210"
        assertEquals("tkm = \"${"•".repeat(32)}\"", ProfileSecrets.masked("tkm = \"$key\""))
        assertEquals("•".repeat(35), ProfileSecrets.masked("${key}A=="))
        assertEquals("https://openapi.alipay.com/gateway.do", ProfileSecrets.masked("https://openapi.alipay.com/gateway.do"))
    }

    @Test
    fun `the body of a PEM file is dots, to its end or as far as it was pasted`() {
        val whole = "-----BEGIN A KEY-----\nMIIE\nQ=\n-----END A KEY-----\nx"
        assertEquals("-----BEGIN A KEY-----\n••••\n••\n-----END A KEY-----\nx", ProfileSecrets.masked(whole))
        assertEquals("-----BEGIN KEY-----\n••••\n••", ProfileSecrets.masked("-----BEGIN KEY-----\nMIIE\nvQ"))
    }

    @Test
    fun `every secret text of the core's profile is known`() {
        val source = File("../../rust/engine/src/profile/keys.rs").readText()
        val named = Regex("""\bsecret\("[a-z_]+\.([a-z0-9_]+)"""").findAll(source).map { it.groupValues[1] }.toSet()
        assertTrue("secret(TMK," in source)
        assertEquals(ProfileSecrets.NAMES, named + "tmk")
    }
}
