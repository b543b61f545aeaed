package com.voidproof.app.device.print.escpos

import java.io.EOFException
import java.net.InetSocketAddress
import java.net.Socket
import java.net.SocketTimeoutException

/** A printer in the shop's network. [limit]: milliseconds to reach it. */
class TcpPort(private val address: InetSocketAddress, private val limit: Int = 3_000) : Port {
    override fun open(): Link {
        val socket = Socket()
        try {
            socket.tcpNoDelay = true
            socket.connect(address, limit)
        } catch (e: java.io.IOException) {
            socket.close()
            throw e
        }
        return TcpLink(socket)
    }
}

private class TcpLink(private val socket: Socket) : Link {
    override fun write(bytes: ByteArray) = socket.getOutputStream().run {
        write(bytes)
        flush()
    }

    override fun read(limit: Int): Int? {
        socket.soTimeout = limit
        return try {
            socket.getInputStream().read().also { if (it < 0) throw EOFException("closed by the printer") }
        } catch (_: SocketTimeoutException) {
            null
        }
    }

    /** Closed with something unread, TCP throws away what is on its way to the printer too. */
    override fun finish() {
        socket.shutdownOutput()
        socket.soTimeout = LAST
        val rest = ByteArray(ROOM)
        try {
            repeat(READS) { if (socket.getInputStream().read(rest) < 0) return }
        } catch (_: SocketTimeoutException) {
            return
        }
    }

    override fun close() = socket.close()

    private companion object {
        const val LAST = 300
        const val ROOM = 256
        const val READS = 16
    }
}
