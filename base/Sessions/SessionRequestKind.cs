namespace Skerry.Base.Sessions;

/// <summary>What a parent wants of a session.</summary>
public enum SessionRequestKind : uint
{
    None = 0,
    Open = 1,

    /// <summary>Nobody calls it any more. What was donated goes back once this is answered.</summary>
    Close = 2,
}
