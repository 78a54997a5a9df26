package upf

// nowhere6 are the IPv6 addresses of no single other host, or of one that only a translator makes: all
// outside 2000::/3 but the unique local ones, and in it documentation, Teredo and 6to4.
var nowhere6 = []Range{
	{Family: 6, Hi: 0, MaskHi: 0xe000 << 48},                    // ::/3
	{Family: 6, Hi: 0x4000 << 48, MaskHi: 0xc000 << 48},         // 4000::/2
	{Family: 6, Hi: 0x8000 << 48, MaskHi: 0xc000 << 48},         // 8000::/2
	{Family: 6, Hi: 0xc000 << 48, MaskHi: 0xe000 << 48},         // c000::/3
	{Family: 6, Hi: 0xe000 << 48, MaskHi: 0xf000 << 48},         // e000::/4
	{Family: 6, Hi: 0xf000 << 48, MaskHi: 0xf800 << 48},         // f000::/5
	{Family: 6, Hi: 0xf800 << 48, MaskHi: 0xfc00 << 48},         // f800::/6
	{Family: 6, Hi: 0xfe00 << 48, MaskHi: 0xfe00 << 48},         // fe00::/7, link-local and multicast in it
	{Family: 6, Hi: 0x20010000 << 32, MaskHi: 0xffffffff << 32}, // Teredo
	{Family: 6, Hi: 0x2002 << 48, MaskHi: 0xffff << 48},         // 6to4
}
