// SPDX-License-Identifier: Apache-2.0

import Glibc

let usage = """
    usage: fuzz-inputs COUNT SEED STATUS           runs all inputs; the file STATUS holds the number of the present one
           fuzz-inputs COUNT SEED --make NUMBER    writes one input to the standard output, without reading it
           fuzz-inputs COUNT SEED --format NUMBER  prints the format of that input

    """

func put(_ bytes: [UInt8], to descriptor: Int32) {
    var rest = bytes[...]
    while !rest.isEmpty {
        let written = rest.withUnsafeBytes { write(descriptor, $0.baseAddress, $0.count) }
        guard written > 0 else { exit(1) }
        rest = rest.dropFirst(written)
    }
}

let arguments = Array(CommandLine.arguments.dropFirst())
guard arguments.count >= 3, let count = Int(arguments[0]), count >= 0, let seed = UInt64(arguments[1]) else {
    put(Array(usage.utf8), to: STDERR_FILENO)
    exit(64)
}

do {
    let campaign = try Campaign(count: count, seed: seed)
    switch (arguments[2], arguments.count == 4 ? Int(arguments[3]) : nil) {
    case ("--make", let number?): put(campaign.input(number).bytes, to: STDOUT_FILENO)
    case ("--format", let number?): print(campaign.input(number).format.rawValue)
    case (let status, _):
        var runner = Runner(campaign: campaign, statusPath: status)
        print(try runner.run())
    }
} catch {
    put(Array("fuzz-inputs: \(error)\n".utf8), to: STDERR_FILENO)
    exit(1)
}
