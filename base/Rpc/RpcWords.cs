using System.Runtime.CompilerServices;
using Skerry.Base.Kernel;

namespace Skerry.Base.Rpc;

/// <summary>
/// A message that fits into registers whole: a client whose method takes and gives no more than four words needs nothing
/// else.
/// </summary>
public struct RpcWords
{
    /// <summary>The words, as a system call takes and leaves them; the rest of it is for the transport.</summary>
    internal SystemCallFrame Registers;

    public ulong Word0
    {
        readonly get => Registers.Word0;
        set => Registers.Word0 = value;
    }

    public ulong Word1
    {
        readonly get => Registers.Word1;
        set => Registers.Word1 = value;
    }

    public ulong Word2
    {
        readonly get => Registers.Word2;
        set => Registers.Word2 = value;
    }

    public ulong Word3
    {
        readonly get => Registers.Word3;
        set => Registers.Word3 = value;
    }

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
