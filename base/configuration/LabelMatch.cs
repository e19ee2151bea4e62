namespace Skerry.Base.Configuration;

/// <summary>How a route's label is compared with that of a session request.</summary>
public enum LabelMatch : uint
{
    /// <summary>Every label matches.</summary>
    Any = 0,

    Exact = 1,

    Prefix = 2,

    Suffix = 3,
}
