using System;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>Text for people to read; every line comes out with the session's label in front.</summary>
[RpcInterface]
public interface ILogSession
{
    public const int MaximumText = 480;

    /// <summary>UTF-8. Lines end with a line feed and may arrive in parts.</summary>
    /// <param name="text">What is to be written.</param>
    /// <param name="taken">Bytes from its start that were taken: all of them, if the answer is Ok.</param>
    LogResult Write([MaximumLength(MaximumText)] ReadOnlySpan<byte> text, out uint taken);
}
