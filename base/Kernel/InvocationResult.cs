namespace Skerry.Base.Kernel;

/// <summary>The four words that an operation on a kernel object answers.</summary>
internal readonly struct InvocationResult(ulong word0, ulong word1, ulong word2, ulong word3)
{
    public ulong Word0 { get; } = word0;

    public ulong Word1 { get; } = word1;

    public ulong Word2 { get; } = word2;

    public ulong Word3 { get; } = word3;
}
