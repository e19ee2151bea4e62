using System;

namespace Skerry.Base.Text;

/// <summary>
/// What may go out to the console of text that is somebody else's: characters of UTF-8 that command no terminal. A carriage
/// return, or an escape, would let its writer write over others' lines.
/// </summary>
public static class Printable
{
    private const byte Replacement = (byte)'?';
    private const byte FirstPrintable = (byte)' ';
    private const byte Delete = 0x7f;

    /// <summary>What U+0080 to U+009F, the controls of C1, begin with; their second byte is below that of the first letter.</summary>
    private const byte C1Lead = 0xc2;
    private const byte FirstBehindC1 = 0xa0;

    /// <summary>
    /// Replaces each byte that belongs to a control, or to no character, so the text is as long as before. A tab is a space,
    /// which ends the name of a record.
    /// </summary>
    public static void Make(Span<byte> text)
    {
        int at = 0;
        while (at < text.Length)
        {
            at += text[at] is >= FirstPrintable and < Delete ? 1 : MakeOther(text.Slice(at));
        }
    }

    /// <summary>A character that is none of ASCII's printable ones, or one byte of what is no character.</summary>
    /// <returns>Its bytes.</returns>
    private static int MakeOther(Span<byte> text)
    {
        int bytes = Characters.First(text);
        bool isC1 = text[0] == C1Lead && bytes != 0 && text[1] < FirstBehindC1;
        if (bytes > 1 && !isC1)
        {
            return bytes;
        }
        // Where there is no character, the next byte may begin one.
        bytes = bytes == 0 ? 1 : bytes;
        text.Slice(0, bytes).Fill(text[0] == (byte)'\t' ? FirstPrintable : Replacement);
        return bytes;
    }
}
