package com.voidproof.app.screens

import com.voidproof.app.core.Tools
import com.voidproof.app.device.PrintResult
import com.voidproof.gateway.ReceiptOf

/** Prints and, once paper came out or may have, records it: the next slip is marked as a copy. Without a printer nothing is recorded. */
suspend fun Tools.printSlip(of: ReceiptOf): PrintResult {
    val printer = devices.printer ?: return PrintResult.NOT_CONNECTED
    val result = printer.print(gateway.receipt(of))
    if (result.mayBeOut) gateway.slipPrinted(of)
    return result
}
