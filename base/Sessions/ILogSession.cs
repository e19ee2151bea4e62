using System;
using Skerry.Base.Rpc;

namespace Skerry.Base.Sessions;

/// <summary>Text for people to read; every line comes out with the session's label in front.</summary>
[RpcInterface]
public interface ILogSession
{
    public const int MaximumText = 480;

    /// <summary>UTF-8. Lines end with a line feed and may arrive in parts.</summary>
    LogResult Write([MaximumLength(MaximumText)] ReadOnlySpan<byte> text);
}
