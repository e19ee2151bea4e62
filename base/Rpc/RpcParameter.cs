namespace Skerry.Base.Rpc;

/// <summary>One argument of a method's request.</summary>
/// <param name="kind">How it travels.</param>
/// <param name="words">
/// Words that it takes at most: of a structure all of them, of a text its bytes without the length, of a buffer what the reply
/// brings.
/// </param>
public readonly struct RpcParameter(RpcParameterKind kind, int words)
{
    public RpcParameterKind Kind { get; } = kind;

    public int Words { get; } = words;
}
