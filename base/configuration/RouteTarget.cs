namespace Skerry.Base.Configuration;

/// <summary>Who serves the sessions that a route matches.</summary>
public enum RouteTarget : uint
{
    /// <summary>The parent.</summary>
    Parent = 0,

    /// <summary>A child of the same parent.</summary>
    Child = 1,
}
