package com.voidproof.gateway

import java.io.Closeable
import java.net.HttpURLConnection
import java.net.URL

/** The simulated acquirer as a process of its own. */
class Host : Closeable {
    private val process = ProcessBuilder(System.getProperty("voidproof"), "host", "--port", "0", "--control-port", "0", "--wechat-port", "0")
        .redirectError(ProcessBuilder.Redirect.DISCARD)
        .start()
    private val ports = process.inputStream.bufferedReader().readLine() ?: error("the host did not start")

    val address = "127.0.0.1:${port("unionpay")}"

    /** Where WeChat answers. */
    val weChat = "http://127.0.0.1:${port("wechat")}"

    /** Where it is told what to do. */
    val control = "http://127.0.0.1:${port("control")}"

    private fun port(name: String) = Regex("\"$name\":(\\d+)").find(ports)!!.groupValues[1].toInt()

    fun offline() = offline(control)

    fun online() = post(control, "/do", """{"do":"online"}""")

    /** A fault in the form of a fault file. */
    fun fault(toml: String) = post(control, "/faults", "[[fault]]\n$toml")

    /** The acquirer's own books. */
    fun ledger(): String = open(control, "GET", "/ledger").inputStream.bufferedReader().readText()

    /** What the acquirer has of this terminal, minor units. */
    fun net(): Long = NET.find(ledger())!!.groupValues[1].toLong()

    override fun close() {
        process.destroy()
        process.waitFor()
    }

    companion object {
        /** Found only where the host saw nothing that must not be. */
        private val NET = Regex("\"unionpay\":\\{(?:(?!\"violations\").)*\"net\":(-?\\d+),\"violations\":\\[]")

        /** Pulls the plug of the host with this control address. */
        fun offline(control: String) = post(control, "/do", """{"do":"offline"}""")

        private fun post(control: String, path: String, body: String) {
            val connection = open(control, "POST", path)
            connection.doOutput = true
            connection.outputStream.use { it.write(body.toByteArray()) }
            check(connection.responseCode == 200) { "$path: ${connection.responseCode}" }
        }

        private fun open(control: String, method: String, path: String) =
            (URL(control + path).openConnection() as HttpURLConnection).apply { requestMethod = method }
    }
}
