namespace System;

/// <summary>The comparisons of byte text that target code uses; the host's library has them under the same names.</summary>
public static class MemoryExtensions
{
    public static bool SequenceEqual(this ReadOnlySpan<byte> left, ReadOnlySpan<byte> right)
    {
        if (left.Length != right.Length)
        {
            return false;
        }
        for (int i = 0; i < left.Length; i++)
        {
            if (left[i] != right[i])
            {
                return false;
            }
        }
        return true;
    }

    public static bool StartsWith(this ReadOnlySpan<byte> text, ReadOnlySpan<byte> prefix) =>
        prefix.Length <= text.Length && text.Slice(0, prefix.Length).SequenceEqual(prefix);

    public static int IndexOf(this ReadOnlySpan<byte> text, byte value)
    {
        for (int i = 0; i < text.Length; i++)
        {
            if (text[i] == value)
            {
                return i;
            }
        }
        return -1;
    }
}
