package com.voidproof.gateway

import java.io.Closeable
import java.io.File
import java.io.InputStream
import java.io.OutputStream
import java.net.InetAddress
import java.net.Socket
import java.security.KeyStore
import java.util.concurrent.CopyOnWriteArrayList
import javax.net.ssl.KeyManagerFactory
import javax.net.ssl.SSLContext
import javax.net.ssl.SSLException
import javax.net.ssl.SSLServerSocket
import javax.net.ssl.SSLSocket
import kotlin.concurrent.thread

private const val PASSWORD = "changeit"

/** Whoever signs certificates for 127.0.0.1; made anew in [folder], by the JDK's keytool. */
class Authority(private val folder: File) {
    private val certificate = folder.resolve("ca.pem")

    init {
        key("ca", "-ext", "bc:c=ca:true", "-ext", "ku=keyCertSign")
        keytool("ca", "-exportcert", "-rfc", "-alias", "ca", "-file", certificate.path)
    }

    val pem: ByteArray get() = certificate.readBytes()

    /** A key with a certificate of this authority. */
    fun server(): SSLContext {
        val (request, signed) = listOf("server.csr", "server.pem").map { folder.resolve(it).path }
        key("server")
        keytool("server", "-certreq", "-alias", "server", "-file", request)
        keytool("ca", "-gencert", "-rfc", "-alias", "ca", "-ext", "san=ip:127.0.0.1", "-infile", request, "-outfile", signed)
        keytool("server", "-importcert", "-noprompt", "-alias", "ca", "-file", certificate.path)
        keytool("server", "-importcert", "-noprompt", "-alias", "server", "-file", signed)
        val keys = folder.resolve("server.p12").inputStream().use { file ->
            KeyStore.getInstance("PKCS12").apply { load(file, PASSWORD.toCharArray()) }
        }
        val managers = KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm())
        managers.init(keys, PASSWORD.toCharArray())
        return SSLContext.getInstance("TLS").apply { init(managers.keyManagers, null, null) }
    }

    private fun key(name: String, vararg extensions: String) =
        keytool(name, "-genkeypair", "-alias", name, "-keyalg", "EC", "-groupname", "secp256r1", "-dname", "CN=$name", *extensions)

    private fun keytool(store: String, vararg arguments: String) {
        val program = File(System.getProperty("java.home"), "bin/keytool").path
        val place = listOf("-storetype", "PKCS12", "-keystore", folder.resolve("$store.p12").path, "-storepass", PASSWORD)
        val process = ProcessBuilder(listOf(program) + arguments + place).redirectErrorStream(true).start()
        val said = process.inputStream.bufferedReader().readText()
        check(process.waitFor() == 0) { "keytool ${arguments.first()}: $said" }
    }
}

/** TLS in front of a host that speaks without. */
class Front(keys: SSLContext, private val host: String) : Closeable {
    private val door = keys.serverSocketFactory.createServerSocket(0, 8, InetAddress.getLoopbackAddress()) as SSLServerSocket

    /** The protocol of each handshake, or that it failed. */
    val handshakes = CopyOnWriteArrayList<String>()

    val address = "127.0.0.1:${door.localPort}"

    init {
        thread(isDaemon = true) {
            try {
                while (true) serve(door.accept() as SSLSocket)
            } catch (e: java.net.SocketException) {
                // Closed.
            }
        }
    }

    private fun serve(from: SSLSocket) = thread(isDaemon = true) {
        try {
            from.startHandshake()
            handshakes += from.session.protocol
        } catch (e: SSLException) {
            handshakes += "failed"
            from.close()
            return@thread
        }
        val (name, port) = host.split(':')
        val to = Socket(name, port.toInt())
        thread(isDaemon = true) { pump(to.getInputStream(), from.outputStream) }
        pump(from.inputStream, to.getOutputStream())
        to.close()
        from.close()
    }

    /** Until either side is closed. */
    private fun pump(from: InputStream, to: OutputStream) {
        val bytes = ByteArray(4096)
        try {
            while (true) {
                val count = from.read(bytes)
                if (count < 0) break
                to.write(bytes, 0, count)
                to.flush()
            }
        } catch (e: java.io.IOException) {
            // The other side went away.
        }
    }

    override fun close() = door.close()
}
