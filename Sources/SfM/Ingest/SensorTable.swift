// SPDX-License-Identifier: Apache-2.0

/// Widths of the sensors of common cameras, for those that write the focal length but not its 35 mm equivalent.
///
/// Telephones with several rear cameras are left out: one model has several sensors, and they all write the equivalent.
enum SensorTable {
    /// Longer side of the sensor in millimetres, or `nil` for a camera that is not in the table.
    static func width(make: String?, model: String?) -> Double? {
        guard let model else { return nil }
        return widths[key(make: make ?? "", model: model)]
    }

    /// Letters and digits in lower case, the first word of the make in front unless the model has it already.
    private static func key(make: String, model: String) -> String {
        let plain = { (text: Substring) in
            String(text.lowercased().filter { $0.isASCII && ($0.isLetter || $0.isNumber) })
        }
        let maker = plain(make.prefix { $0 != " " })
        let name = plain(model[...])
        return name.hasPrefix(maker) ? name : maker + name
    }

    private static let widths: [String: Double] = {
        var widths: [String: Double] = [:]
        for (width, cameras) in groups { for camera in cameras { widths[camera] = width } }
        return widths
    }()

    private static let groups: [(Double, [String])] = [
        // 35 mm film size
        (36.0, ["canoneos5dmarkii", "canoneos5dmarkiii", "canoneos5dmarkiv", "canoneosr", "canoneosr5", "nikond700"]),
        (35.8, ["canoneos5d", "canoneos6d", "sonyilce7", "sonyilce7m2"]),
        (
            35.9,
            [
                "nikond600", "nikond610", "nikond750", "nikond800", "nikond810", "nikond850", "nikonz6", "nikonz7",
                "sonyilce7rm2", "sonyilce7rm3", "canoneosr6",
            ]
        ),
        (35.6, ["sonyilce7m3"]),
        // APS-C
        (22.2, ["canoneos350ddigital", "canoneos400ddigital", "canoneos450d"]),
        (22.3, ["canoneos500d", "canoneos550d", "canoneos600d", "canoneos700d", "canoneos7d", "canoneos60d"]),
        (22.5, ["canoneos70d", "canoneos80d"]),
        (
            23.6,
            ["nikond90", "nikond300", "nikond5100", "nikond7000", "fujifilmxt1", "fujifilmxt2", "fujifilmfinepixx100"]
        ),
        (
            23.5,
            [
                "nikond5200", "nikond5300", "nikond7100", "nikond7200", "nikond7500", "sonyilce6000", "sonyilce6300",
                "sonyilce6400", "sonynex7", "fujifilmxt3",
            ]
        ),
        (23.2, ["nikond3200"]),
        (23.1, ["nikond3100"]),
        // Micro Four Thirds and one inch
        (17.3, ["panasonicdmcgh4", "panasonicdcgh5", "olympusem1", "olympusem5"]),
        (13.2, ["sonydscrx100", "djifc6310", "hasselbladl1d20c", "djifc3411"]),
        // Small sensors of drones, action cameras and telephones with one rear camera
        (6.17, ["djifc330", "djifc220", "djifc300x", "djifc7203", "goprohero4black", "goprohero5black"]),
        (5.64, ["googlepixel2", "googlepixel3"]),
        (4.8, ["appleiphone5s", "appleiphone6", "appleiphone6s", "appleiphone7", "appleiphone8"]),
        (4.54, ["appleiphone4s", "appleiphone5"]),
    ]
}
