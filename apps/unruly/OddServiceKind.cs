namespace Skerry.Apps.Unruly;

/// <summary>What a service does that somebody asks for a session.</summary>
internal enum OddServiceKind
{
    /// <summary>It tells what it is told.</summary>
    Tells,

    /// <summary>It ends before it has announced anything.</summary>
    EndsFirst,

    /// <summary>It announces and ends.</summary>
    Ends,

    /// <summary>It announces, and never asks what there is to do.</summary>
    NeverAsks,

    /// <summary>It is asked, and never answers.</summary>
    Spins,

    /// <summary>It is asked, and crashes.</summary>
    Crashes,
    Refuses,

    /// <summary>It uses what it was given beyond the close, and frees it when the next session is opened.</summary>
    Keeps,
}
