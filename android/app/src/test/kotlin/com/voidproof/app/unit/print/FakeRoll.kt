package com.voidproof.app.unit.print

import java.io.ByteArrayOutputStream
import java.io.IOException
import java.net.InetAddress
import java.net.InetSocketAddress
import java.net.ServerSocket
import java.net.Socket
import kotlin.concurrent.thread

/** A printer on this machine's own network, as good or bad as a test wants it. */
class FakeRoll : AutoCloseable {
    /** To the four questions that are answered at once; null: this printer tells nothing. */
    @Volatile
    var answers: List<Int>? = listOf(OK, OK, OK, OK)

    /** To the question that is answered in its turn; null: it does not know it. */
    @Volatile
    var inTurn: Int? = 0x00

    /** Breaks the connection after so many bytes of a slip. */
    @Volatile
    var breaksAfter = Int.MAX_VALUE

    /** Takes no byte of a slip, and breaks nothing. */
    @Volatile
    var stuck = false

    /** Said before every answer, though nobody asked. */
    @Volatile
    var chatter: ByteArray = ByteArray(0)

    /** After a slip it answers thus. */
    @Volatile
    var answersAfter: List<Int>? = null
    val paper = ByteArrayOutputStream()

    private val server = ServerSocket(0, 1, InetAddress.getLoopbackAddress()).apply { receiveBufferSize = SMALL }
    val address: InetSocketAddress get() = server.localSocketAddress as InetSocketAddress

    @Volatile
    private var open: Socket? = null

    init {
        thread(isDaemon = true, name = "printer") {
            try {
                while (true) server.accept().use { serve(it) }
            } catch (_: IOException) {
                // The test is over.
            }
        }
    }

    private fun serve(socket: Socket) {
        open = socket
        val from = socket.getInputStream()
        val to = socket.getOutputStream()
        try {
            while (true) {
                val byte = from.read()
                if (byte < 0) return
                when {
                    byte == DLE -> {
                        from.read()
                        val n = from.read()
                        answers?.let { to.write(chatter + it[n - 1].toByte()) }
                    }
                    byte == GS && paper.size() > 0 && peekIsQuestion(from) -> inTurn?.let { to.write(chatter + it.toByte()) }
                    stuck -> hang(socket)
                    else -> print(byte, socket)
                }
                to.flush()
            }
        } catch (_: IOException) {
            return
        }
    }

    /** Slips of these tests hold no GS. */
    private fun peekIsQuestion(from: java.io.InputStream): Boolean = (from.read() == 'r'.code && from.read() == 1)

    private fun print(byte: Int, socket: Socket) {
        paper.write(byte)
        answersAfter?.let { answers = it }
        if (paper.size() < breaksAfter) return
        socket.setSoLinger(true, 0)
        socket.close()
        throw IOException("broken")
    }

    private fun hang(socket: Socket) {
        while (!socket.isClosed && !server.isClosed) java.util.concurrent.locks.LockSupport.parkNanos(1_000_000)
        throw IOException("the test is over")
    }

    override fun close() {
        server.close()
        open?.close()
    }

    companion object {
        const val OK = 0x12
        private const val DLE = 0x10
        private const val GS = 0x1D
        private const val SMALL = 2_048
    }
}
