using System.Runtime.CompilerServices;

namespace Skerry.Base.Rpc;

/// <summary>
/// A message that fits into registers whole: a client whose method takes and gives no more than four words needs nothing
/// else.
/// </summary>
public struct RpcWords
{
    public ulong Word0;
    public ulong Word1;
    public ulong Word2;
    public ulong Word3;

    /// <summary>A word that must not exceed the largest value of its type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static ulong Unsigned(ulong word, ulong maximum, ref bool malformed)
    {
        malformed |= word > maximum;
        return word;
    }

    /// <summary>A sign-extended word within the range of its type.</summary>
    [MethodImpl(MethodImplOptions.AggressiveInlining)]
    public static long Signed(ulong word, long minimum, long maximum, ref bool malformed)
    {
        malformed |= (long)word < minimum || (long)word > maximum;
        return (long)word;
    }
}
