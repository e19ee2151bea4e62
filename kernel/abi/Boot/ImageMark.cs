using System;

namespace Skerry.Abi.Boot;

/// <summary>
/// By what bootstrap knows the two programs that it starts: the first instruction of each loads a word of its own into r11,
/// where nobody reads it. Another program in their place would run, and say nothing for ever.
/// </summary>
public static class ImageMark
{
    /// <summary>The bytes "SkerryKe", read as a little-endian word.</summary>
    public const ulong Kernel = 0x654b_7972_7265_6b53;

    /// <summary>The bytes "SkerryCo": core's, or of a program that takes its place in a test.</summary>
    public const ulong Core = 0x6f43_7972_7265_6b53;

    /// <summary>mov r11, imm64 (Intel SDM vol. 2B, MOV).</summary>
    private const ushort Load = 0xbb49;

    /// <param name="code">From the program's entry on.</param>
    /// <param name="mark">One of the two.</param>
    public static bool Begins(ReadOnlySpan<byte> code, ulong mark)
    {
        const int length = sizeof(ushort) + sizeof(ulong);
        ulong read = 0;
        for (int i = length - 1; i >= sizeof(ushort) && code.Length >= length; i--)
        {
            read = read << 8 | code[i];
        }
        return read == mark && (code[0] | code[1] << 8) == Load;
    }
}
